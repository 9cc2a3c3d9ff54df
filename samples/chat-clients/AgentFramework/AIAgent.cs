using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ChatClients.AgentFramework;

/// <summary>The shape of the Agent Framework's type of this name.</summary>
public abstract class AIAgent
{
    public ValueTask<AgentSession> CreateSessionAsync(CancellationToken cancellationToken = default) => CreateSessionCoreAsync(cancellationToken);

    public ValueTask<JsonElement> SerializeSessionAsync(AgentSession session, CancellationToken cancellationToken = default) => SerializeSessionCoreAsync(session, cancellationToken);

    public ValueTask<AgentSession> DeserializeSessionAsync(JsonElement state, CancellationToken cancellationToken = default) => DeserializeSessionCoreAsync(state, cancellationToken);

    public Task<AgentResponse> RunAsync(IEnumerable<ChatMessage> messages, AgentSession? session = null, CancellationToken cancellationToken = default) =>
        RunCoreAsync(messages, session, cancellationToken);

    protected abstract ValueTask<AgentSession> CreateSessionCoreAsync(CancellationToken cancellationToken);

    protected abstract ValueTask<JsonElement> SerializeSessionCoreAsync(AgentSession session, CancellationToken cancellationToken);

    protected abstract ValueTask<AgentSession> DeserializeSessionCoreAsync(JsonElement state, CancellationToken cancellationToken);

    protected abstract Task<AgentResponse> RunCoreAsync(IEnumerable<ChatMessage> messages, AgentSession? session, CancellationToken cancellationToken);
}
