namespace AgentCanary.Cli.Demo;

/// <summary>What a simulated user saw of one request.</summary>
/// <param name="Version">The version that answered, as the gateway says; empty when nothing came back.</param>
/// <param name="Decision">The id that the gateway gave the request, by which a later score names it.</param>
/// <param name="Kind">What the answer was to the user.</param>
/// <param name="Text">The words, for the conversation to go on.</param>
internal readonly record struct UserAnswer(string Version, string Decision, AnswerKind Kind, string Text)
{
    /// <summary>Gets what stands for an answer that never came.</summary>
    public static UserAnswer None { get; } = new("", "", AnswerKind.Failed, "");
}
