using System.Globalization;
using System.Text.Json;
using AgentCanary.Server.Reports;

namespace AgentCanary.Server.Api;

/// <summary>Reads one item of a batch and gathers its faults. Members that are not asked for are left out: senders add fields of their own.</summary>
internal sealed class ReportItem(int index, JsonElement element, List<ItemFault> faults)
{
    private const int LongestId = 256;

    private static readonly (string Name, JoinKind Kind)[] Keys =
    [
        ("decision_id", JoinKind.Decision), ("response_id", JoinKind.Response), ("conversation_id", JoinKind.Conversation), ("task_id", JoinKind.Task), ("trace_id", JoinKind.Trace),
    ];

    /// <summary>Tells that a member is wrong.</summary>
    public void Fault(string member, string message) => faults.Add(new(index, member.Length == 0 ? $"[{index}]" : $"[{index}].{member}", message));

    /// <summary>Reads a text of 1 to 256 characters; null where it is absent or wrong.</summary>
    public string? Text(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind is JsonValueKind.String && TextOf(value) is { Length: >= 1 and <= LongestId } text) return text;
        Fault(name, $"{name} is a text of 1 to {LongestId} whole characters");
        return null;
    }

    /// <summary>Reads a text that must be there.</summary>
    public string? Needed(string name, string what)
    {
        if (Find(name) is null) Fault(name, $"{name} is missing: {what}");
        return Text(name);
    }

    /// <summary>Reads a number within a range; null where it is absent or wrong.</summary>
    public double? Number(string name, double low, double high)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) && number >= low && number <= high) return number;
        Fault(name, $"{Quoted(value)} is no number from {low.ToString("#,0.###", CultureInfo.InvariantCulture)} to {high.ToString("#,0.###", CultureInfo.InvariantCulture)}");
        return null;
    }

    /// <summary>Reads a figure: a number within ±10,000, or true and false for 1 and 0.</summary>
    public double? Figure(string name, JsonElement value)
    {
        const double most = 10_000;
        switch (value.ValueKind)
        {
            case JsonValueKind.True: return 1;
            case JsonValueKind.False: return 0;
            case JsonValueKind.Number when value.TryGetDouble(out var number) && number is >= -most and <= most: return number;
            default:
                Fault(name, $"{Quoted(value)} is no figure: send a number from -10,000 to 10,000, or true or false");
                return null;
        }
    }

    /// <summary>Finds a member; null where it is absent or null.</summary>
    public JsonElement? Find(string name) => element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>Reads which request is meant: exactly one of the five ids.</summary>
    public JoinKey? Key()
    {
        var present = Keys.Where(key => Find(key.Name) is not null).ToList();
        var agent = Text("agent");
        if (present is [var only]) return Text(only.Name) is { } id ? new JoinKey(only.Kind, id, agent) : null;
        var names = string.Join(", ", Keys.Select(key => key.Name));
        Fault("", present.Count == 0 ? $"no request is named: send one of {names}" : $"{string.Join(" and ", present.Select(key => key.Name))} both name a request: send one of them");
        return null;
    }

    // JSON may escape half of a character, which no text holds.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Quoted(JsonElement value) => value.GetRawText() is { Length: <= 40 } text ? $"'{text}'" : $"'{value.GetRawText()[..40]}…'";
}
