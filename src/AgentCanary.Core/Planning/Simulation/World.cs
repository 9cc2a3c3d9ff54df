using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Spec;

namespace AgentCanary.Planning.Simulation;

/// <summary>
/// A made world: how often users ask, how each version answers, and what befalls both. What happens in it follows from a seed alone. Immutable and thread-safe.
/// </summary>
public sealed record World
{
    /// <summary>The most users that a world has.</summary>
    public const int MostUsers = 1_000_000;

    internal World(VersionModel stable, VersionModel canary) => (Stable, Canary) = (stable, canary);

    /// <summary>Gets the requests a second of the whole agent, above 0.</summary>
    public double PerSecond { get; internal init; }

    /// <summary>Gets how many users send them, or null where every request is of another user.</summary>
    public int? Users { get; internal init; }

    /// <summary>Gets stable's error rate before anything moves it, 0 to 1.</summary>
    public double StableErrorRate => Stable.ErrorRate;

    /// <summary>Gets the canary's error rate before anything moves it, 0 to 1.</summary>
    public double CanaryErrorRate => Canary.ErrorRate;

    /// <summary>Gets whether the canary answers as stable does at first, and turns later.</summary>
    public bool IsLate => CanaryTurnsAt > 0;

    internal VersionModel Stable { get; }

    internal VersionModel Canary { get; }

    internal ImmutableArray<RatePath> StablePaths { get; init; } = [];

    internal ImmutableArray<RatePath> CanaryPaths { get; init; } = [];

    internal ImmutableArray<RatePath> BothPaths { get; init; } = [];

    internal ImmutableArray<Incident> StableIncidents { get; init; } = [];

    internal ImmutableArray<Incident> CanaryIncidents { get; init; } = [];

    /// <summary>Gets until when the canary answers as stable does, in seconds.</summary>
    internal double CanaryTurnsAt { get; init; }

    /// <summary>Gets how much of its weight the canary really gets.</summary>
    internal double ShareFactor { get; init; } = 1;

    /// <summary>Gets the intraclass correlation of failures within a user: 0 for none.</summary>
    internal double Clustering { get; init; }

    /// <summary>Reads a world from the notation of the command line.</summary>
    /// <returns>The world, or every fault of the text.</returns>
    public static (World? World, ImmutableArray<string> Faults) Read(WorldText text) => WorldReader.Read(text);

    /// <summary>Finds the metrics of a rollout's checks that nothing in this world feeds, so that they never have a verdict.</summary>
    public ImmutableArray<string> Unfed(RolloutSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var checks = spec.Stages.SelectMany(stage => StageChecks.OfFile(stage));
        return [.. checks.Select(check => check.Metric).Where(metric => !IsFed(metric)).Select(metric => metric.Name).Distinct()];
    }

    /// <summary>The error rates of both versions at a time, in seconds.</summary>
    internal (double Stable, double Canary) ErrorRates(double second)
    {
        var both = BothPaths.Sum(path => path.Shift(Stable.ErrorRate, second));
        var stable = Raised(StableIncidents, Moved(StablePaths, Stable, both, second), second);
        return (stable, second < CanaryTurnsAt ? stable : Raised(CanaryIncidents, Moved(CanaryPaths, Canary, both, second), second));
    }

    /// <summary>How a version answers at a time, but for its error rate.</summary>
    internal VersionModel Model(Variant variant, double second) => variant is Variant.Canary && second >= CanaryTurnsAt ? Canary : Stable;

    /// <summary>
    /// The error rate of one user where all users' is <paramref name="rate"/>. Users are drawn at stable's own rate; a lower rate scales their failures down and a higher one their successes, so the
    /// mean over users is exactly the rate.
    /// </summary>
    internal double Personal(double proneness, double rate) => double.IsNaN(proneness) ? rate
        : rate <= Stable.ErrorRate ? proneness * rate / Stable.ErrorRate
        : 1 - ((1 - proneness) * (1 - rate) / (1 - Stable.ErrorRate));

    /// <summary>Draws a user's error rate at stable's own: a beta distribution with this world's intraclass correlation.</summary>
    internal double DrawProneness(SplitMix64 random)
    {
        var total = (1 - Clustering) / Clustering;
        return Draws.Beta(random, Stable.ErrorRate * total, (1 - Stable.ErrorRate) * total);
    }

    private static double Moved(ImmutableArray<RatePath> paths, VersionModel model, double both, double second) =>
        RatePath.Moved(model.ErrorRate, both + paths.Sum(path => path.Shift(model.ErrorRate, second)));

    private static double Raised(ImmutableArray<Incident> incidents, double rate, double second) => incidents.Aggregate(rate, (raised, incident) => incident.Raised(raised, second));

    private bool IsFed(Metric metric) => metric.Kind switch
    {
        MetricKind.Score => Stable.Scores.Any(score => score.Name == metric.ScoreName),
        MetricKind.FirstContentQuantile => Stable.FirstContent is not null,
        MetricKind.TokensPerRequest => Stable.Tokens is not null,
        MetricKind.CostPerRequest => Stable.Cost is not null,
        MetricKind.ShadowAgreement => false,
        _ => true,
    };
}
