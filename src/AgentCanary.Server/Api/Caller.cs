namespace AgentCanary.Server.Api;

/// <summary>Who calls. Without keys everybody who may call at all sits at this machine.</summary>
internal static class Caller
{
    /// <summary>The name in the audit.</summary>
    public const string Actor = "cli";
}
