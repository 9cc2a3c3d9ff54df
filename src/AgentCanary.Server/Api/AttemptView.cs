namespace AgentCanary.Server.Api;

/// <summary>One attempt of an agent's rollouts as JSON: how far it came and how it ended.</summary>
/// <param name="Attempt">The attempt, from 1; it begins anew with every pair of versions.</param>
/// <param name="FirstRevision">The revision that began it.</param>
/// <param name="LastRevision">The newest revision in it.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="EndedAt">When it ended, UTC; null while it runs.</param>
/// <param name="Result"><c>running</c>, <c>completed</c>, <c>rolled_back</c> or <c>superseded</c>.</param>
/// <param name="HighestStage">The highest stage that it reached, from 0.</param>
/// <param name="Reason">The sentence of its newest change.</param>
/// <param name="Actor">Who made its newest change.</param>
public sealed record AttemptView(
    int Attempt, long FirstRevision, long LastRevision, DateTime StartedAt, DateTime? EndedAt, string Result, int HighestStage, string Reason, string Actor);
