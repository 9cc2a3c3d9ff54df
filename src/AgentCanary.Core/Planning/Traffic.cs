using System.Globalization;
using AgentCanary.Planning.Simulation;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>The requests of an agent's users, as they are expected. Immutable and thread-safe.</summary>
/// <param name="PerSecond">Requests a second of the whole agent, above 0.</param>
public sealed record Traffic(double PerSecond)
{
    private static readonly (string Unit, double Seconds)[] Units =
        [("s", 1), ("sec", 1), ("second", 1), ("min", 60), ("minute", 60), ("h", 3600), ("hour", 3600), ("d", 86_400), ("day", 86_400)];

    /// <summary>Gets how many requests a user sends while a stage lasts: 1 unless set, 1 or more.</summary>
    public double PerUser { get; init; } = 1;

    /// <summary>Gets which share of the requests each cohort of the rollout file sends: 0.1 unless set, above 0 and below 1.</summary>
    public double CohortShare { get; init; } = Simulator.CohortShare;

    /// <summary>Reads a rate such as <c>5/s</c>, <c>300/min</c> or <c>25/day</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="perSecond">Requests a second; 0 where the text is refused.</param>
    /// <param name="fault">What is wrong and what would be right; null where the text is accepted.</param>
    public static bool TryParseRate(string text, out double perSecond, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        (perSecond, fault) = (0, null);
        var parts = text.Split('/', 2, StringSplitOptions.TrimEntries);
        var unit = parts.Length < 2 ? default : Array.Find(Units, known => known.Unit == parts[1]);
        if (!double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || !(number > 0 && number < 1e9))
            fault = $"{Quote.Of(text)} is not a rate: write a number above 0 and a unit, such as 5/s, 300/min or 25/day";
        else if (unit.Unit is null)
            fault = $"{Quote.Of(text)} has {(parts.Length < 2 ? "no unit" : "an unknown unit")}: write {Quote.Plain(parts[0])}/s, /min, /h or /day";
        else perSecond = number / unit.Seconds;
        return fault is null;
    }

    /// <summary>The requests a second that a stage may split.</summary>
    /// <param name="spec">The rollout.</param>
    /// <param name="stage">The stage's place, from 0.</param>
    /// <remarks>A cohort that passed stays on the canary and an excluded one on stable, both outside the comparison.</remarks>
    internal double Eligible(RolloutSpec spec, int stage)
    {
        var own = spec.Stages[stage].Cohorts;
        if (!own.IsEmpty) return PerSecond * Math.Min(1, own.Length * CohortShare);
        var passed = spec.Stages.Take(stage).Where(earlier => earlier.Weight == Weight.Full).SelectMany(earlier => earlier.Cohorts);
        return PerSecond * Math.Max(CohortShare, 1 - (passed.Concat(spec.Exclude).Distinct().Count() * CohortShare));
    }
}
