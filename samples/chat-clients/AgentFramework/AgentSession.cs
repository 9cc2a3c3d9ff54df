namespace ChatClients.AgentFramework;

/// <summary>The shape of the Agent Framework's type of this name.</summary>
public abstract class AgentSession
{
    public AgentSessionStateBag StateBag { get; init; } = new();
}
