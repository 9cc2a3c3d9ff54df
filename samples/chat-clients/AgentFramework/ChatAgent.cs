using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ChatClients.AgentFramework;

/// <summary>Stands for the Agent Framework's <c>ChatClientAgent</c>: an agent over a chat client, with a history in its session.</summary>
public sealed class ChatAgent(IChatClient chat) : AIAgent
{
    protected override ValueTask<AgentSession> CreateSessionCoreAsync(CancellationToken cancellationToken) => new(new ChatAgentSession());

    protected override ValueTask<JsonElement> SerializeSessionCoreAsync(AgentSession session, CancellationToken cancellationToken) => new(JsonSerializer.SerializeToElement(new
    {
        stateBag = session.StateBag.Serialize(),
        history = Own(session).History,
    }, AIJsonUtilities.DefaultOptions));

    protected override ValueTask<AgentSession> DeserializeSessionCoreAsync(JsonElement state, CancellationToken cancellationToken) => new(new ChatAgentSession
    {
        StateBag = AgentSessionStateBag.Deserialize(state.GetProperty("stateBag")),
        History = state.GetProperty("history").Deserialize<List<ChatMessage>>(AIJsonUtilities.DefaultOptions) ?? [],
    });

    protected override async Task<AgentResponse> RunCoreAsync(IEnumerable<ChatMessage> messages, AgentSession? session, CancellationToken cancellationToken)
    {
        var history = session is null ? [] : Own(session).History;
        history.AddRange(messages);
        var response = await chat.GetResponseAsync(history, cancellationToken: cancellationToken);
        history.AddRange(response.Messages);
        return new(response);
    }

    private static ChatAgentSession Own(AgentSession session) => session as ChatAgentSession
        ?? throw new InvalidOperationException($"The session is a {session.GetType().Name}, which another kind of agent has made.");

    private sealed class ChatAgentSession : AgentSession
    {
        public List<ChatMessage> History { get; init; } = [];
    }
}
