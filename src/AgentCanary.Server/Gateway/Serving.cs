namespace AgentCanary.Server.Gateway;

/// <summary>Who serves a call at the moment. Immutable.</summary>
/// <param name="Upstream">The version: the assigned one, or another in its place.</param>
/// <param name="Decision">The decision id that the caller is given.</param>
/// <param name="Cut">What ends the call when the version is withdrawn; none where it may finish.</param>
/// <param name="IsRescue">Whether the version answers for the assigned one, which failed.</param>
internal sealed record Serving(Upstream Upstream, string Decision, CancellationToken Cut, bool IsRescue = false);
