using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// Which models answer for each arm of an attempt: at most 16 an arm, what comes after them is not told apart. <see cref="Note"/> is hot: it takes no lock, never throws, and allocates for a
/// model's first answer only. Thread-safe.
/// </summary>
internal sealed class ServedModels
{
    /// <summary>The most models that are told apart in an arm.</summary>
    public const int Most = 16;

    /// <summary>The answers of an arm whose models are where it starts from: an agent may ask several.</summary>
    public const int FirstAnswers = 20;

    // Longer is no name, and would be kept for as long as the attempt.
    private const int LongestName = 256;

    private readonly Place?[] _control = new Place?[Most];
    private readonly Place?[] _canary = new Place?[Most];
    private volatile bool _hasUnpriced;

    /// <summary>Goes on with what was seen.</summary>
    public ServedModels(ImmutableArray<ServedModel> seen)
    {
        foreach (var arm in (ReadOnlySpan<Arm>)[Arm.Control, Arm.Canary])
        {
            var (places, next) = (Places(arm), 0);
            foreach (var model in seen.Where(model => model.Arm == arm).Take(Most))
            {
                places[next++] = new(model.Model, model.IsFirst) { Answers = model.Answers, IsUnpriced = model.IsUnpriced };
                _hasUnpriced |= model.IsUnpriced;
            }
        }
    }

    /// <summary>Gets the models that have no price, by name.</summary>
    public ImmutableArray<string> Unpriced => !_hasUnpriced ? []
        : [.. _canary.Concat(_control).Where(place => place is { IsUnpriced: true }).Select(place => place!.Model).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Notes who answered.</summary>
    public void Note(Arm arm, in Outcome outcome)
    {
        if (outcome.Model is not { Length: > 0 and <= LongestName } model || arm is not (Arm.Control or Arm.Canary)) return;
        var (places, answers) = (Places(arm), 0L);
        for (var i = 0; i < Most; i++)
        {
            var place = Volatile.Read(ref places[i]) ?? Keep(ref places[i], new(model, answers < FirstAnswers));
            if (place.Model == model)
            {
                Interlocked.Increment(ref place.Answers);
                if (!place.IsUnpriced && outcome.IsUnpriced && !outcome.IsUsageUnknown) place.IsUnpriced = _hasUnpriced = true;
                return;
            }
            answers += Volatile.Read(ref place.Answers);
        }
    }

    /// <summary>Reads what was seen, of each arm in the order in which the models came.</summary>
    public ImmutableArray<ServedModel> Read() => [.. Read(Arm.Control), .. Read(Arm.Canary)];

    /// <summary>Reads which models came to either arm after its first answers.</summary>
    public ImmutableArray<ModelChange> Changes(string stable, string canary)
    {
        var (left, right) = (Changes(Arm.Control, stable), Changes(Arm.Canary, canary));
        return right.IsEmpty ? left : left.AddRange(right);
    }

    // Each against the one that answered most of those before it.
    private ImmutableArray<ModelChange> Changes(Arm arm, string version)
    {
        var places = Places(arm);
        ImmutableArray<ModelChange>.Builder? changes = null;
        Place? most = null;
        foreach (var place in places)
        {
            if (place is null) break;
            if (!place.IsFirst && most is not null) (changes ??= ImmutableArray.CreateBuilder<ModelChange>()).Add(new(version, most.Model, place.Model));
            if (most is null || Volatile.Read(ref place.Answers) > Volatile.Read(ref most.Answers)) most = place;
        }
        return changes?.ToImmutable() ?? [];
    }

    private IEnumerable<ServedModel> Read(Arm arm) => Places(arm).TakeWhile(place => place is not null)
        .Select(place => new ServedModel(arm, place!.Model, Volatile.Read(ref place.Answers), place.IsFirst, place.IsUnpriced));

    private Place?[] Places(Arm arm) => arm is Arm.Canary ? _canary : _control;

    // Places fill in order, so that two that see the same model at once find each other.
    private static Place Keep(ref Place? place, Place made) => Interlocked.CompareExchange(ref place, made, null) ?? made;

    private sealed class Place(string model, bool isFirst)
    {
        public long Answers;
        public volatile bool IsUnpriced;

        public string Model { get; } = model;

        public bool IsFirst { get; } = isFirst;
    }
}
