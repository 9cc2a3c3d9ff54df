using System.Collections.Immutable;

namespace AgentCanary.Planning.Simulation;

/// <summary>A score that the answers of a made world carry: 0 to 1, or 1 to 5 stars where its mean is above 1.</summary>
/// <param name="Name">The name as outcomes carry it.</param>
/// <param name="IsYesOrNo">Whether an answer scores 0 or 1 and nothing between.</param>
/// <param name="Scatter">Its mean, and how it scatters.</param>
internal sealed record MadeScore(string Name, bool IsYesOrNo, Scatter Scatter)
{
    private const double Stars = 4;

    /// <summary>Finds the scores among figures; what they do not name is as in <paramref name="inherited"/>.</summary>
    public static ImmutableArray<MadeScore> All(Baseline figures, Dictionary<string, double> deviations, ImmutableArray<MadeScore> inherited)
    {
        var own = figures.Figures.Select(figure => Of(figure.Key, figure.Value, deviations)).OfType<MadeScore>().ToArray();
        return [.. own, .. inherited.ExceptBy(own.Select(score => score.Name), score => score.Name)];
    }

    /// <summary>The largest standard deviation that a score of a mean can have.</summary>
    public static double MostDeviation(double mean) => mean > 1 ? Stars * MostDeviation((mean - 1) / Stars) : Math.Sqrt(mean * (1 - mean));

    /// <summary>Draws the score of an answer.</summary>
    public Score Draw(SplitMix64 random) => new(Name, IsYesOrNo ? random.NextUnit() < Scatter.Mean ? 1 : 0 : Scatter.Mean > 1 ? 1 + (Stars * InStars.Share(random)) : Scatter.Share(random));

    private Scatter InStars => new((Scatter.Mean - 1) / Stars, Scatter.Deviation / Stars);

    private static MadeScore? Of(string name, double mean, Dictionary<string, double> deviations) => Metric.TryParse(name, out var metric) && metric.ScoreName is { } score
        ? new(score, metric.IsRate, new(mean, deviations.TryGetValue(name, out var given) ? given : Math.Min(Scatter.TypicalScore * (mean > 1 ? Stars : 1), MostDeviation(mean) / 2)))
        : null;
}
