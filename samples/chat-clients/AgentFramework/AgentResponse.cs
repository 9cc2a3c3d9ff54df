using Microsoft.Extensions.AI;

namespace ChatClients.AgentFramework;

/// <summary>The shape of the Agent Framework's type of this name.</summary>
public sealed class AgentResponse(ChatResponse response)
{
    public IList<ChatMessage> Messages => response.Messages;

    public string Text => response.Text;
}
