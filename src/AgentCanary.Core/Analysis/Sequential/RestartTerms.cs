namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// Capital kept back and injected as the rollout goes on, so that a regression that starts late is found as fast as an early one: a Shiryaev–Roberts recursion with a budget
/// (compare the e-detectors of Shin, Ramdas and Rinaldo, 2023). The sum of all capital stays 1, so the guarantee of Ville's inequality stays.
/// </summary>
/// <param name="Start">The capital at the start: 0.75 by default.</param>
/// <param name="Every">The canary requests between injections: 500 by default.</param>
/// <param name="Count">How many injections there are: 16 by default.</param>
public sealed record RestartTerms(double Start = 0.75, long Every = 500, int Count = 16);
