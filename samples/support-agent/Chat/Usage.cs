namespace SupportAgent.Chat;

/// <summary>Tokens used. A token is counted as four characters, as a rule of thumb.</summary>
internal sealed record Usage(int PromptTokens, int CompletionTokens, int TotalTokens)
{
    private const int CharactersPerToken = 4;

    public static Usage Of(int prompt, int completion) => new(prompt, completion, prompt + completion);

    public static int Tokens(string text) => (text.Length + CharactersPerToken - 1) / CharactersPerToken;

    public static string Cut(string text, int tokens) => Tokens(text) <= tokens ? text : text[..(tokens * CharactersPerToken)];
}
