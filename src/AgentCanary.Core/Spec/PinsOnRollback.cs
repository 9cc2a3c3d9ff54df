namespace AgentCanary.Spec;

/// <summary>What a rollback does to conversations that belong to the canary.</summary>
public enum PinsOnRollback
{
    /// <summary>The next message goes to stable.</summary>
    Release,

    /// <summary>They finish on the canary, until a deadline.</summary>
    Drain,

    /// <summary>They end at once, streams included.</summary>
    Cut,
}
