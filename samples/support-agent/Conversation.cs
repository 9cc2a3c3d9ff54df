using System.Text.RegularExpressions;
using SupportAgent.Chat;

namespace SupportAgent;

/// <summary>A conversation as the agent sees it: what is asked now, and which order it is about.</summary>
internal sealed partial class Conversation
{
    private const uint FnvOffset = 2166136261;
    private const uint FnvPrime = 16777619;

    public Conversation(IReadOnlyList<ChatMessage> messages)
    {
        var asked = messages.LastOrDefault(m => m.IsFromUser);
        Question = asked?.Text() ?? "";
        OrderId = messages.Reverse().Where(m => m.IsFromUser).Select(m => OrderNumber().Match(m.Text())).FirstOrDefault(m => m.Success)?.Value;
        Turn = messages.Count(m => m.IsFromUser);
        CallerResults = [.. messages.SkipWhile(m => m != asked).Where(m => m.Role == "tool").Select(m => m.Text())];
        Fingerprint = messages.SelectMany(m => m.Text()).Aggregate(FnvOffset, (hash, c) => (hash ^ c) * FnvPrime);
    }

    /// <summary>Gets the user's last message.</summary>
    public string Question { get; }

    /// <summary>Gets the order number named last, in this turn or in an earlier one.</summary>
    public string? OrderId { get; }

    /// <summary>Gets how often the user has spoken.</summary>
    public int Turn { get; }

    /// <summary>Gets what tools run by the caller returned for this question.</summary>
    public IReadOnlyList<string> CallerResults { get; }

    /// <summary>Gets a number that stands for the whole text: the same conversation gets the same words.</summary>
    public uint Fingerprint { get; }

    public bool Mentions(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Question.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"\b\d{4}\b")]
    private static partial Regex OrderNumber();
}
