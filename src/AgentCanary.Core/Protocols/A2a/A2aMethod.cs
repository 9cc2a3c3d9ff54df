namespace AgentCanary.Protocols.A2a;

/// <summary>What the methods do: those of JSON-RPC in 1.0 and 0.3, and the verbs behind the colon in a path.</summary>
internal static class A2aMethod
{
    /// <summary>Tells whether the answer is a stream.</summary>
    public static bool Streams(string? method) =>
        method is "SendStreamingMessage" or "SubscribeToTask" or "message/stream" or "tasks/resubscribe" or "stream" or "subscribe";

    /// <summary>Tells whether it does no harm to ask a second version the same.</summary>
    public static bool IsRead(string? method) => method is "GetTask" or "ListTasks" or "CancelTask" or "SubscribeToTask"
        or "GetTaskPushNotificationConfig" or "ListTaskPushNotificationConfigs" or "GetExtendedAgentCard"
        or "tasks/get" or "tasks/list" or "tasks/cancel" or "tasks/resubscribe" or "tasks/pushNotificationConfig/get" or "tasks/pushNotificationConfig/list"
        or "agent/getAuthenticatedExtendedCard" or "cancel" or "subscribe";
}
