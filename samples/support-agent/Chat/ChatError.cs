namespace SupportAgent.Chat;

/// <summary>An error as the API writes it.</summary>
internal sealed record ChatError(ChatError.Body Error)
{
    public static ChatError Server { get; } = Of("The model behind the agent failed; try again.", "server_error", null, "model_failed");

    public static ChatError Of(string message, string type, string? param, string? code) => new(new Body(message, type, param, code));

    public static ChatError Invalid(string message, string? param) => Of(message, "invalid_request_error", param, null);

    internal sealed record Body(string Message, string Type, string? Param, string? Code);
}
