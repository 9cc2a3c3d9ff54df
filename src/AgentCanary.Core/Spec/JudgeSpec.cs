using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Who judges a shadow's answers, and how often it may be asked. Immutable and thread-safe.</summary>
/// <param name="Url">Where it answers: https, or http on this machine.</param>
public sealed record JudgeSpec(string Url)
{
    /// <summary>Gets the headers of each call; secrets stand here as references.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Gets the model of an OpenAI-compatible chat endpoint; null for a judge that speaks the plain contract of <c>docs/shadow.md</c>.</summary>
    public string? Model { get; init; }

    /// <summary>Gets what is better, told to the model; null for what holds for any agent.</summary>
    public string? Instruction { get; init; }

    /// <summary>Gets the share of the compared pairs that is judged: all unless set. The others count for nothing.</summary>
    public Weight Sample { get; init; } = Weight.Full;

    /// <summary>Gets how many pairs are judged within an hour, each by two calls: 100 unless set, 1 to 100,000.</summary>
    public int PerHour { get; init; } = 100;

    /// <summary>Gets how long one call may take: 30 s unless set, 1 s to 5 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
