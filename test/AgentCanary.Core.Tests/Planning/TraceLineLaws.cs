using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using AgentCanary.Routing;

namespace AgentCanary.Planning;

public sealed class TraceLineLaws
{
    private static readonly Spec.RolloutSpec Rollout = SomeTraces.Rollout(SomeTraces.Stage("initial", TimeSpan.Zero, "score.quality > 0.5", "score.tone > 0.5"));

    private static readonly Gen<long> Ticks = from high in Gen.Choose(0, 1_000_000) from low in Gen.Choose(0, 9_999_999) select (high * 100L) + low;

    private static readonly Gen<Outcome> Outcomes =
        from outcomeClass in Gen.Elements(Enum.GetValues<OutcomeClass>())
        from latency in Ticks
        from firstContent in Gen.Frequency((1, Gen.Constant<long?>(null)), (3, Ticks.Select(ticks => (long?)ticks)))
        from tokens in OrNothing(Gen.Choose(0, 1_000_000_000))
        from cost in OrNothing(Gen.Choose(0, int.MaxValue))
        from model in Gen.Elements(null, "gpt-4o-2024-08-06", "ä \"€\" 😀")
        from safety in Gen.Choose(0, 3)
        from quality in OrNothing(Gen.Choose(-1000, 1000))
        select new Outcome
        {
            Class = outcomeClass,
            Latency = new(latency),
            FirstContent = firstContent is { } ticks ? new TimeSpan(ticks) : null,
            Tokens = tokens,
            Cost = cost / 7e3,
            Model = model,
            SafetyViolations = safety,
            Scores = quality is { } value ? [new("quality", value / 30.0), new("tone", value)] : [],
        };

    private static readonly Arbitrary<(long At, Arm Arm, string? Key, Outcome Outcome)> Any = Arb.From(
        from at in Ticks
        from arm in Gen.Elements(Enum.GetValues<Arm>())
        from key in Gen.OrNull(ArbMap.Default.GeneratorFor<NonNull<string>>())
        from outcome in Outcomes
        select (at * 20, arm, key?.Get, outcome));

    [Fact]
    public void What_was_written_is_read_back_to_the_bit() => Prop.ForAll(Any, any =>
    {
        var reader = new TraceReader(Rollout);
        reader.Add(Write(any));
        var read = reader.Finish().Trace!.Outcomes[0];
        var keyHash = any.Key is null ? 0 : StickyHash.Hash(any.Key, StickyHash.Salt("support-agent", "v2", 1));
        return read with { Outcome = default } == new TraceOutcome(new(any.At), any.Arm, keyHash, default)
            && read.Outcome with { Scores = default } == any.Outcome with { Scores = default }
            && (read.Outcome.Scores.IsDefault ? [] : read.Outcome.Scores).SequenceEqual(any.Outcome.Scores);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Pieces_of_any_size_are_read_like_the_whole() => Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
    {
        var bytes = Any.Generator.Sample(6).SelectMany((any, i) => (byte[])[.. Write(any), (byte)'\n', .. i == 3 && seed % 2 == 0 ? "x\n"u8 : []]).ToArray();
        var (whole, pieces, random) = (new TraceReader(Rollout), new TraceReader(Rollout), new Random(seed));
        whole.Add(bytes);
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
        {
            var length = random.Next(0, Math.Min(rest.Length, random.Next(1, 400)) + 1);
            pieces.Add(rest[..length]);
            rest = rest[length..];
        }
        var (left, right) = (whole.Finish(), pieces.Finish());
        return left.Faults.SequenceEqual(right.Faults) && OutcomesOf(left).SequenceEqual(OutcomesOf(right), Same.Instance);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_no_recorder_would_count_is_not_written()
    {
        using var json = new Utf8JsonWriter(Stream.Null);
        Assert.False(TraceLineWriter.TryWrite(json, "a", default, Arm.Canary, null, new Outcome { Latency = new(-1) }));
        Assert.False(TraceLineWriter.TryWrite(json, "a", default, Arm.Canary, null, new Outcome { Cost = double.NaN }));
        Assert.False(TraceLineWriter.TryWrite(json, "a", TimeSpan.FromDays(3651), Arm.Canary, null, default));
        Assert.Equal(0, json.BytesPending);
    }

    private static Gen<int?> OrNothing(Gen<int> numbers) => Gen.Frequency((1, Gen.Constant<int?>(null)), (3, numbers.Select(number => (int?)number)));

    private static TraceOutcome[] OutcomesOf(TraceReading reading) => reading.Trace?.Outcomes.ToArray() ?? [];

    private static byte[] Write((long At, Arm Arm, string? Key, Outcome Outcome) any)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) Assert.True(TraceLineWriter.TryWrite(json, "support-agent", new(any.At), any.Arm, any.Key, any.Outcome));
        return stream.ToArray();
    }

    private sealed class Same : IEqualityComparer<TraceOutcome>
    {
        public static Same Instance { get; } = new();

        public bool Equals(TraceOutcome x, TraceOutcome y) => TraceOrder.Instance.Compare(x, y) == 0;

        public int GetHashCode(TraceOutcome obj) => obj.At.GetHashCode();
    }
}
