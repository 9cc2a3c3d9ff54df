using System.Collections.Immutable;
using System.Globalization;

namespace AgentCanary.Server.Gateway;

/// <summary>What an agent says of its own answer: <c>X-Agent-Outcome: CLASS</c> and <c>X-Agent-Score: NAME=0.8</c>, in headers or trailers. For one call, used by one thread at a time.</summary>
internal struct AgentReport
{
    private const int MaxScores = 16;
    private const int MaxName = 64;

    private ImmutableArray<Score>.Builder? _scores;

    /// <summary>Gets the class that was said last, or null.</summary>
    public OutcomeClass? Class { get; private set; }

    /// <summary>Gets the scores, at most 16; the first value of a name stands.</summary>
    public readonly ImmutableArray<Score> Scores => _scores?.ToImmutable() ?? [];

    /// <summary>Reads one header of <see cref="HeaderRules.IsReport"/>.</summary>
    /// <returns>False where a value made no sense; it is then left out.</returns>
    public bool TryRead(string name, string value) =>
        name.EndsWith("e", StringComparison.OrdinalIgnoreCase) && name.Length == "x-agent-score".Length ? TryReadScores(value) : TryReadClass(value);

    private bool TryReadClass(string value)
    {
        if (!WireNames.TryParse(value.Trim(), out var outcomeClass)) return false;
        Class = outcomeClass;
        return true;
    }

    private bool TryReadScores(string value)
    {
        var isRight = true;
        foreach (var range in value.AsSpan().Split(','))
            isRight &= TryReadScore(value.AsSpan()[range].Trim());
        return isRight;
    }

    private bool TryReadScore(ReadOnlySpan<char> text)
    {
        var equals = text.IndexOf('=');
        if (equals is < 1 or > MaxName || _scores?.Count >= MaxScores) return false;
        var name = text[..equals].Trim();
        foreach (var unit in name)
            if (!char.IsAsciiLetterOrDigit(unit) && unit is not ('.' or '_' or '-')) return false;
        if (!double.TryParse(text[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var figure) || !double.IsFinite(figure)) return false;
        _scores ??= ImmutableArray.CreateBuilder<Score>(2);
        foreach (var score in _scores)
            if (name.SequenceEqual(score.Name)) return true;
        _scores.Add(new(name.ToString(), figure));
        return true;
    }
}
