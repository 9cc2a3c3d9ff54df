using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AgentCanary.Metrics;
using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>Reads one line of a trace, with every fault of it. Fields that it does not know are ignored. One caller at a time.</summary>
/// <param name="agent">Whose outcomes are read; a line without an agent is anybody's.</param>
/// <param name="salt">The salt that keys are hashed under.</param>
/// <param name="scoreNames">The scores that are kept.</param>
internal sealed class TraceLineReader(string agent, ulong salt, HashSet<string> scoreNames)
{
    private const int MostOtherAgents = 5;
    private const double MostSeconds = 3650 * 86_400.0;
    private const double MostMilliseconds = 86_400_000;

    private const int MostModels = 1_000;

    private readonly List<string> _faults = [];
    private readonly HashSet<string> _models = new(StringComparer.Ordinal);
    private TraceFields _seen;
    private TimeSpan _at;
    private Arm _arm;
    private ulong _keyHash;
    private Outcome _outcome;
    private bool _isOther;

    /// <summary>Gets what is wrong with the line that was read last.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Gets whether the line that was read last told a latency.</summary>
    public bool HasLatency => _seen.HasFlag(TraceFields.Latency);

    /// <summary>Gets how many good lines were of other agents.</summary>
    public long Others { get; private set; }

    /// <summary>Gets the names of some of these agents, in order.</summary>
    public SortedSet<string> OtherAgents { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a line.</summary>
    /// <returns>The outcome; null where the line has faults or is of another agent.</returns>
    public TraceOutcome? Read(ReadOnlySpan<byte> line)
    {
        _faults.Clear();
        (_seen, _at, _arm, _keyHash, _outcome, _isOther) = (default, default, default, 0, default, false);
        if (Utf8.IsValid(line)) ReadObject(line);
        else _faults.Add("the line is not UTF-8");
        if (_faults.Count > 0) return null;
        if (!_isOther) return new(_at, _arm, _keyHash, _outcome);
        Others++;
        return null;
    }

    private void ReadObject(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        try
        {
            json.Read();
            if (json.TokenType is not JsonTokenType.StartObject)
            {
                _faults.Add($"the line is {Kind(json.TokenType)}: write one JSON object a line");
                return;
            }
            while (json.Read() && json.TokenType is JsonTokenType.PropertyName) ReadField(ref json);
            json.Read(); // refuses what follows the object
        }
        catch (JsonException broken)
        {
            _faults.Add($"the line is no JSON from byte {broken.BytePositionInLine + 1} on");
            return;
        }
        catch (InvalidOperationException)
        {
            _faults.Add("the line holds an escape such as \\ud800 that is half a character");
            return;
        }
        if (!_seen.HasFlag(TraceFields.At)) _faults.Add("t is missing: write when the request started, in seconds from the trace's beginning");
        if (!_seen.HasFlag(TraceFields.Arm)) _faults.Add("arm is missing: write who served, one of canary, control, outside");
    }

    private void ReadField(ref Utf8JsonReader json)
    {
        var field = TraceFieldNames.Find(ref json);
        json.Read();
        if (field is TraceFields.None || json.TokenType is JsonTokenType.Null)
        {
            json.Skip();
            return;
        }
        if (_seen.HasFlag(field)) _faults.Add($"{TraceFieldNames.NameOf(field)} stands twice");
        _seen |= field;
        ReadValue(field, ref json);
        if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) json.Skip();
    }

    private void ReadValue(TraceFields field, ref Utf8JsonReader json)
    {
        switch (field)
        {
            case TraceFields.At: _at = Time(ref json, "t", MostSeconds, TimeSpan.TicksPerSecond); break;
            case TraceFields.Arm: _arm = ReadArm(ref json); break;
            case TraceFields.Key: _keyHash = HashKey(ref json); break;
            case TraceFields.Agent: ReadAgent(ref json); break;
            case TraceFields.Class: _outcome = _outcome with { Class = ReadClass(ref json) }; break;
            case TraceFields.Latency: _outcome = _outcome with { Latency = Time(ref json, "latency_ms", MostMilliseconds, TimeSpan.TicksPerMillisecond) }; break;
            case TraceFields.FirstContent: _outcome = _outcome with { FirstContent = Time(ref json, "ttft_ms", MostMilliseconds, TimeSpan.TicksPerMillisecond) }; break;
            case TraceFields.Tokens: _outcome = _outcome with { Tokens = (long)Whole(ref json, "tokens", OutcomeLimits.MaxTokens) }; break;
            case TraceFields.Cost: _outcome = _outcome with { Cost = Number(ref json, "cost", 0, OutcomeLimits.MaxCost) }; break;
            case TraceFields.Model: _outcome = _outcome with { Model = ReadModel(ref json) }; break;
            case TraceFields.Safety: _outcome = _outcome with { SafetyViolations = (int)Whole(ref json, "safety", OutcomeLimits.MaxViolations) }; break;
            case TraceFields.Scores: _outcome = _outcome with { Scores = ReadScores(ref json) }; break;
        }
    }

    private Arm ReadArm(ref Utf8JsonReader json)
    {
        if (!IsText(ref json, "arm")) return default;
        if (json.ValueTextEquals("canary"u8)) return Arm.Canary;
        if (json.ValueTextEquals("control"u8)) return Arm.Control;
        if (!json.ValueTextEquals("outside"u8)) _faults.Add($"arm is {Quoted(ref json)}, not one of canary, control, outside");
        return Arm.Outside;
    }

    private OutcomeClass ReadClass(ref Utf8JsonReader json)
    {
        if (!IsText(ref json, "class") || json.ValueTextEquals("ok"u8)) return OutcomeClass.Ok;
        if (!WireNames.TryParse(json.GetString(), out var outcomeClass)) _faults.Add($"class is {Quoted(ref json)}, not one of {string.Join(", ", WireNames.OutcomeClasses)}");
        return outcomeClass;
    }

    private ulong HashKey(ref Utf8JsonReader json) => !IsText(ref json, "key") ? 0
        : json.ValueIsEscaped ? StickyHash.Hash(json.GetString(), salt)
        : Xxh64.Hash(json.ValueSpan, salt);

    private void ReadAgent(ref Utf8JsonReader json)
    {
        if (!IsText(ref json, "agent") || json.ValueTextEquals(agent)) return;
        _isOther = true;
        if (OtherAgents.Count < MostOtherAgents) OtherAgents.Add(Quote.Plain(json.GetString()!));
    }

    // A trace of millions of lines names few models: each is kept once.
    private string? ReadModel(ref Utf8JsonReader json)
    {
        if (!IsText(ref json, "model")) return null;
        var model = json.GetString()!;
        if (model.Length is 0 or > Trace.LongestModel) _faults.Add($"model is {Quote.Of(model)}: write a name of 1 to {Trace.LongestModel} characters");
        if (_models.TryGetValue(model, out var kept)) return kept;
        if (_models.Count < MostModels) _models.Add(model);
        return model;
    }

    private ImmutableArray<Score> ReadScores(ref Utf8JsonReader json)
    {
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            _faults.Add($"scores is {Kind(json.TokenType)}: write an object of names and numbers");
            return [];
        }
        ImmutableArray<Score>.Builder? scores = null;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (json.TokenType is JsonTokenType.Null) continue;
            var value = Number(ref json, $"scores.{Quote.Plain(name)}", -OutcomeLimits.MaxScore, OutcomeLimits.MaxScore);
            json.Skip();
            if (scores?.Any(score => score.Name == name) == true) _faults.Add($"scores.{Quote.Plain(name)} stands twice");
            if (scoreNames.TryGetValue(name, out var kept)) (scores ??= ImmutableArray.CreateBuilder<Score>()).Add(new(kept, value));
        }
        return scores?.DrainToImmutable() ?? [];
    }

    // A tick of 100 ns is what a time span can hold; what was written with seven digits comes back to the bit.
    private TimeSpan Time(ref Utf8JsonReader json, string name, double most, long unit) => new((long)Math.Round(Number(ref json, name, 0, most) * unit));

    private double Whole(ref Utf8JsonReader json, string name, double most)
    {
        var number = Number(ref json, name, 0, most);
        if (number == Math.Floor(number)) return number;
        _faults.Add($"{name} is {Quote.Plain(Encoding.UTF8.GetString(json.ValueSpan))}: write a whole number");
        return 0;
    }

    private double Number(ref Utf8JsonReader json, string name, double least, double most)
    {
        if (json.TokenType is not JsonTokenType.Number)
        {
            _faults.Add($"{name} is {Kind(json.TokenType)}: write a number");
            return 0;
        }
        if (json.TryGetDouble(out var number) && number >= least && number <= most) return number;
        var written = Quote.Plain(Encoding.UTF8.GetString(json.ValueSpan));
        _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {written}, outside {least} to {most:#,0}{(name == "t" && number > most ? ": it counts seconds from the trace's beginning" : "")}"));
        return 0;
    }

    private bool IsText(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType is JsonTokenType.String) return true;
        _faults.Add($"{name} is {Kind(json.TokenType)}: write a text");
        return false;
    }

    private static string Quoted(ref Utf8JsonReader json) => Quote.Of(json.GetString()!);

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };
}
