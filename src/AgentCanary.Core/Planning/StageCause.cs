namespace AgentCanary.Planning;

/// <summary>What a stage waits for last.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Check">The place of the check, where it is one.</param>
internal readonly record struct StageCause(StageCause.Of Kind, int Check = -1)
{
    /// <summary>Names it as the rollout file does.</summary>
    public string Name(StageScript stage) => Kind switch
    {
        Of.Bake => "bake",
        Of.Requests => "min_requests",
        Of.Users => "min_users",
        Of.Deadline => "deadline",
        Of.Check => stage.Checks[Check].Text,
        _ => "nothing",
    };

    public enum Of
    {
        Nothing,
        Bake,
        Requests,
        Users,
        Check,
        Deadline,
    }
}
