using System.Globalization;

namespace AgentCanary.Decisions;

/// <summary>Makes figures of how many canary requests each run took.</summary>
internal static class Sampled
{
    private const double NearlyAll = 0.995;

    /// <summary>The mean; a run that was given up counts as the most, so that the mean is then a lower bound.</summary>
    public static Figure Requests(string name, IReadOnlyCollection<long?> found, long most, ulong seed)
    {
        var values = found.Select(requests => (double)(requests ?? most)).ToArray();
        return new(name, Unit.Requests, Estimate.Mean(values), found.Count, seed) { Detail = Spread(values, found) };
    }

    /// <summary>The mean as a multiple of a bound.</summary>
    public static Figure Ratio(string name, IReadOnlyCollection<long?> found, long most, ulong seed, double bound)
    {
        var requests = Requests(name, found, most, seed);
        return requests with
        {
            Unit = Unit.Ratio,
            Measured = requests.Measured / bound,
            Detail = string.Create(CultureInfo.InvariantCulture, $"mean {requests.Measured.Value:#,##0.#}, {requests.Detail}; bound {bound:#,##0.#}"),
        };
    }

    private static string Spread(double[] values, IReadOnlyCollection<long?> found)
    {
        var sorted = values.Order().ToArray();
        var share = found.Count(requests => requests is not null) / (double)found.Count;
        return string.Create(CultureInfo.InvariantCulture, $"median {sorted[sorted.Length / 2]:#,##0}, p90 {sorted[sorted.Length * 9 / 10]:#,##0}{(share < NearlyAll ? $", found in {share * 100:0.#} %" : "")}");
    }
}
