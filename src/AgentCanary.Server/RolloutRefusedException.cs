using AgentCanary.Server.Controller;

namespace AgentCanary.Server;

/// <summary>A rollout could not be applied when the server started.</summary>
/// <param name="agent">The agent's name.</param>
/// <param name="result">What the controller answered.</param>
public sealed class RolloutRefusedException(string agent, CommandResult result) : Exception($"The rollout of '{agent}' was refused: {result.Reason}.")
{
    /// <summary>Gets what the controller answered.</summary>
    public CommandResult Result { get; } = result;
}
