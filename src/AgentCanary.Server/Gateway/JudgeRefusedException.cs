namespace AgentCanary.Server.Gateway;

/// <summary>
/// A judge was asked and gave no verdict, for which the answers themselves may be the cause: they are too long for it, or not allowed, or talked it out of its form. Apart from a judge that is
/// away, because what is left where it refuses is of another kind.
/// </summary>
internal sealed class JudgeRefusedException(string message) : Exception(message);
