using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Analysis;

/// <summary>
/// The share of the users that the canary got, against the one that the plan says. Distinct keys are counted, by the arm of their first request in the stage: under a sound split these are fair
/// draws, so that <see cref="LogE"/> reaches ln 1,000 in at most one stage in 1,000 however often anybody looks (Ville). Each stage starts anew: its users are mostly those of the stage
/// before, and evidence that is multiplied over the same users would count them twice.
/// </summary>
/// <param name="Canary">Keys on the canary.</param>
/// <param name="Control">Keys on control.</param>
/// <param name="Expected">The share that the plan says.</param>
public readonly record struct KeyShare(long Canary, long Control, Weight Expected)
{
    // One false alarm in 1,000 stages: it holds a rollout until a person looks.
    private static readonly double Alarm = Math.Log(1000);

    /// <summary>Gets ln of the evidence that the share is another one; 0 where nobody or everybody is on the canary.</summary>
    public double LogE => Expected > Weight.None && Expected < Weight.Full ? Gate.LogShare(Canary, Control, Expected.Fraction) : 0;

    /// <summary>Gets whether routing or logging is broken.</summary>
    public bool IsBroken => LogE >= Alarm;

    /// <summary>Says so in a sentence.</summary>
    public override string ToString() => Canary + Control is var users and > 0
        ? $"routing or logging is broken: {Words.Percent(Canary / (double)users)} of {Words.Number(users)} users are on canary where {Expected} should be"
        : "no users yet";
}
