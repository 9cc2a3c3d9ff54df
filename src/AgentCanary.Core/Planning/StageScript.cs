using System.Collections.Immutable;

namespace AgentCanary.Planning;

/// <summary>One stage as a made rollout plays it.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Checks">Its checks.</param>
/// <param name="Proofs">What each of them must see, in the same order.</param>
/// <param name="Eligible">The requests a second that the stage splits.</param>
/// <param name="Share">The canary's share of them, 0 to 1.</param>
/// <param name="PerUser">The requests of a user.</param>
/// <param name="IsLast">Whether it is the last stage.</param>
internal sealed record StageScript(Stage Stage, ImmutableArray<Check> Checks, ImmutableArray<Proof> Proofs, double Eligible, double Share, double PerUser, bool IsLast)
{
    /// <summary>Gets whether requests are left to compare the canary with.</summary>
    public bool HasControl => Share < 1;

    /// <summary>Gets whether the stage asks for time alone: nobody is on the canary, or the last stage completes at once.</summary>
    public bool AsksNothing => Share <= 0 || (IsLast && Stage.LeastTime == TimeSpan.Zero);

    /// <summary>Gets the canary's requests a second.</summary>
    public double CanaryPerSecond => Eligible * Share;

    /// <summary>Gets the canary requests that bring as many of control as of the canary, where that is what the stage asks for.</summary>
    public double ForBothArms(double count) => HasControl ? Math.Max(count, count * Share / (1 - Share)) : count;

    /// <summary>Gets the canary requests that the minimum of requests takes.</summary>
    public double ForRequests => Checks.Any(check => check.Compares && check.OnFail is not OnFail.Warn) ? ForBothArms(Stage.MinRequests) : Stage.MinRequests;

    /// <summary>Gets the canary requests that the minimum of users takes.</summary>
    public double ForUsers => Stage.MinUsers > 1 ? Stage.MinUsers * PerUser : 0;

    /// <summary>Gets how long what starts in the stage is no evidence, in seconds.</summary>
    public double WarmUp { get; init; }

    /// <summary>Gets the canary requests that are evidence while the stage bakes.</summary>
    public double WhileBaking => Math.Max(0, Stage.LeastTime.TotalSeconds - WarmUp) * CanaryPerSecond;

    /// <summary>Gets how long it takes until so many canary requests are evidence, in seconds.</summary>
    public double SecondsFor(double canaryRequests) => canaryRequests == 0 ? 0 : WarmUp + (canaryRequests / CanaryPerSecond);
}
