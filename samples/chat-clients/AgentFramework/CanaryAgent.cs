using System.Diagnostics;
using System.Text.Json;
using AgentCanary;
using Microsoft.Extensions.AI;

namespace ChatClients.AgentFramework;

/// <summary>
/// An agent over two versions: the version is chosen with the session, by the sticky key, and kept in its state bag, so it survives serialising. After a rollback sessions of
/// the canary go on with stable. Without a session every run is routed by itself. The agents must be of one kind, so that one can read what the other has serialised.
/// </summary>
public sealed class CanaryAgent(CanaryDeployment deployment, AIAgent stable, AIAgent canary) : AIAgent
{
    private const string Version = "canary.version";

    /// <summary>Gets who is served now; a user's name, a tenant, or null for a draw at random.</summary>
    public Func<string?> StickyKey { get; init; } = () => null;

    protected override async ValueTask<AgentSession> CreateSessionCoreAsync(CancellationToken cancellationToken)
    {
        var version = deployment.Route(StickyKey());
        var session = await AgentOf(version).CreateSessionAsync(cancellationToken);
        session.StateBag.SetValue(Version, version);
        return session;
    }

    protected override ValueTask<JsonElement> SerializeSessionCoreAsync(AgentSession session, CancellationToken cancellationToken) =>
        AgentOf(VersionOf(session)).SerializeSessionAsync(session, cancellationToken);

    protected override ValueTask<AgentSession> DeserializeSessionCoreAsync(JsonElement state, CancellationToken cancellationToken) =>
        stable.DeserializeSessionAsync(state, cancellationToken);

    protected override async Task<AgentResponse> RunCoreAsync(IEnumerable<ChatMessage> messages, AgentSession? session, CancellationToken cancellationToken)
    {
        if (session is null) return await deployment.RunAsync(StickyKey(), (version, token) => AgentOf(version).RunAsync(messages, null, token), cancellationToken);
        var served = VersionOf(session);
        var (start, isOk) = (Stopwatch.GetTimestamp(), false);
        try
        {
            var response = await AgentOf(served).RunAsync(messages, session, cancellationToken);
            isOk = true;
            return response;
        }
        finally
        {
            var outcomeClass = isOk ? OutcomeClass.Ok : cancellationToken.IsCancellationRequested ? OutcomeClass.CanceledByClient : OutcomeClass.ErrorUpstream;
            deployment.Record(served, new Outcome { Class = outcomeClass, Latency = Stopwatch.GetElapsedTime(start) });
        }
    }

    private string VersionOf(AgentSession session)
    {
        var (spec, kept) = (deployment.State.Spec, session.StateBag.GetValue<string>(Version));
        if (kept == spec.Stable.Version || (kept == spec.Canary.Version && deployment.State.Phase is not Phase.RolledBack)) return kept;
        // Written down, so that a retry of the rollout does not bring the session back to the canary in its midst.
        session.StateBag.SetValue(Version, spec.Stable.Version);
        return spec.Stable.Version;
    }

    private AIAgent AgentOf(string version) => version == deployment.State.Spec.Canary.Version ? canary : stable;
}
