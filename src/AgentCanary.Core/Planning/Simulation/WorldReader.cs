using System.Collections.Immutable;
using System.Globalization;

namespace AgentCanary.Planning.Simulation;

/// <summary>Makes a world from its text. What the canary's list does not name is as in stable's.</summary>
internal sealed class WorldReader(WorldText text)
{
    private readonly VersionText _stable = new("--stable", text.Stable);
    private readonly VersionText _canary = new("--canary", text.Canary);
    private readonly VersionText _both = new("--both", text.Both);
    private readonly List<string> _faults = [];

    public static (World? World, ImmutableArray<string> Faults) Read(WorldText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new WorldReader(text).Read();
    }

    private (World? World, ImmutableArray<string> Faults) Read()
    {
        _faults.AddRange([.. _stable.Faults, .. _canary.Faults, .. _both.Faults]);
        if (text.Users is { } users and not (>= 1 and <= World.MostUsers)) _faults.Add(string.Create(CultureInfo.InvariantCulture, $"--users is {users}: write a whole number of 1 to {World.MostUsers:N0}"));
        if (_both.Clustering is not null && text.Users is null) _faults.Add("--both: icc needs users who ask more than once: give --users, such as --users 4000");
        var stable = Model(_stable, like: null);
        var canary = Model(_canary, like: stable);
        if (_faults.Count == 0) _faults.AddRange(Impossible(stable, _stable).Concat(Impossible(canary, _canary)));
        if (_faults.Count == 0 && _both.Clustering is not null && stable.ErrorRate is <= 0 or >= 1) _faults.Add("--both: icc needs an error_rate of stable above 0 and below 1");
        return _faults.Count > 0 ? (null, [.. _faults]) : (Make(stable, canary), []);
    }

    private VersionModel Model(VersionText own, VersionModel? like)
    {
        var (figures, faults) = own.Figures.Plus(_both.Figures);
        if (_faults.Count == 0) _faults.AddRange(faults.Select(fault => $"{own.Option} with --both: {fault}"));
        return VersionModel.Of(figures, new(_both.Deviations.Concat(own.Deviations).DistinctBy(given => given.Key)), own.FailureLatency ?? _both.FailureLatency, like);
    }

    private World Make(VersionModel stable, VersionModel canary) => new(stable, canary)
    {
        PerSecond = text.PerSecond,
        Users = text.Users,
        StablePaths = [.. _stable.Paths],
        CanaryPaths = [.. _canary.Paths],
        BothPaths = [.. _both.Paths],
        StableIncidents = [.. _both.Incidents, .. _stable.Incidents],
        CanaryIncidents = [.. _both.Incidents, .. _canary.Incidents],
        CanaryTurnsAt = _canary.Late ?? 0,
        ShareFactor = _canary.Share ?? 1,
        Clustering = _both.Clustering ?? 0,
    };

    private IEnumerable<string> Impossible(VersionModel model, VersionText list)
    {
        if (model.ErrorRate + model.RefusalRate + model.TruncationRate + model.ToolErrorRate > 1)
            yield return $"{list.Option}: error_rate, refusal_rate, truncation_rate and tool_error_rate are more than 1 together: an answer is one of them";
        if (model.BrokenShare > 1) yield return $"{list.Option}: stream_break_rate is above error_rate: a broken stream is an error, so error_rate includes it";
        if (model.ErrorRate is <= 0 or >= 1 && list.Paths.Concat(_both.Paths).Any())
            yield return $"{list.Option}: drift and wave move the odds of a failure, so error_rate must be above 0 and below 1";
    }
}
