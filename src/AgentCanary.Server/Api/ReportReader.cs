using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentCanary.Server.Reports;

namespace AgentCanary.Server.Api;

/// <summary>Reads batches of reports. A batch with a fault is refused whole, with every fault of it. Pure and thread-safe.</summary>
internal static class ReportReader
{
    private const int MostItems = 1_000;
    private const int MostScores = 16;
    private const int MostViolations = 1_000;
    private const double MostMilliseconds = 7 * 24 * 3600 * 1000.0;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Reads a batch of scores.</summary>
    public static (ImmutableArray<Report> Reports, ImmutableArray<ItemFault> Faults) Scores(ReadOnlyMemory<byte> body) => Read(body, Score);

    /// <summary>Reads a batch of outcomes.</summary>
    public static (ImmutableArray<Report> Reports, ImmutableArray<ItemFault> Faults) Outcomes(ReadOnlyMemory<byte> body) => Read(body, Outcome);

    private static (ImmutableArray<Report>, ImmutableArray<ItemFault>) Read(ReadOnlyMemory<byte> body, Func<ReportItem, Report?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return Read(document.RootElement, read);
        }
        catch (InvalidOperationException)
        {
            return ([], [new(0, "", "a name of the body has half a character in it: send whole ones")]);
        }
        catch (JsonException fault)
        {
            return ([], [new(0, "", $"the body is no JSON at line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}: send an array of objects")]);
        }
    }

    private static (ImmutableArray<Report>, ImmutableArray<ItemFault>) Read(JsonElement root, Func<ReportItem, Report?> read)
    {
        if (root.ValueKind is not JsonValueKind.Array) return ([], [new(0, "", "the body is no array: send an array of objects, one for each report")]);
        if (root.GetArrayLength() > MostItems) return ([], [new(MostItems, $"[{MostItems}]", $"the batch has {root.GetArrayLength()} items: send at most {MostItems} at once")]);
        var (reports, faults) = (ImmutableArray.CreateBuilder<Report>(), new List<ItemFault>());
        foreach (var element in root.EnumerateArray())
        {
            var item = new ReportItem(reports.Count, element, faults);
            if (element.ValueKind is not JsonValueKind.Object) item.Fault("", "an item is an object");
            reports.Add((element.ValueKind is JsonValueKind.Object ? read(item) : null)!);
        }
        return faults.Count > 0 ? ([], [.. faults]) : (reports.DrainToImmutable(), []);
    }

    private static Report? Score(ReportItem item)
    {
        var id = item.Needed("id", "it makes a report that is sent twice count once");
        var name = item.Needed("name", "such as task_completion, user_satisfaction, or NAME of a check on score.NAME");
        if (name is not null) JudgeName(item, "name", name);
        if (item.Find("value") is not { } value)
        {
            item.Fault("value", "value is missing: send a number, or true or false; a label alone cannot be compared");
            return null;
        }
        return (item.Key(), item.Figure("value", value)) is ({ } key, { } figure) && id is not null && name is not null ? new(ReportKind.Score, id, key) { Scores = [new(name, figure)] } : null;
    }

    private static Report? Outcome(ReportItem item)
    {
        var outcome = item.Needed("class", "one of " + string.Join(", ", WireNames.OutcomeClasses));
        var known = WireNames.TryParse(outcome, out var outcomeClass);
        if (outcome is not null && !known) item.Fault("class", $"'{outcome}' is no outcome class: send one of {string.Join(", ", WireNames.OutcomeClasses)}");
        var read = new Outcome
        {
            Class = outcomeClass,
            Latency = Time(item, "latency_ms"),
            FirstContent = Time(item, "ttft_ms"),
            Tokens = (long?)item.Number("tokens", 0, 1e9),
            Cost = item.Number("cost", 0, 1e6),
            SafetyViolations = (int)(item.Number("safety_violations", 0, MostViolations) ?? 0),
        };
        var scores = OutcomeScores(item);
        if ((item.Text("id"), item.Key()) is not (var id, { } key)) return null;
        return new(ReportKind.Outcome, id ?? IdOf(key, read, scores), key) { Outcome = read, Violations = read.Violations, Scores = scores };
    }

    private static TimeSpan? Time(ReportItem item, string name) => item.Number(name, 0, MostMilliseconds) is { } time ? TimeSpan.FromMilliseconds(time) : null;

    // An outcome without an id is the same where it says the same, in whatever order.
    private static string IdOf(in JoinKey key, in Outcome outcome, ImmutableArray<Score> scores)
    {
        var figures = string.Create(CultureInfo.InvariantCulture,
            $"{outcome.Class} {outcome.Latency?.Ticks} {outcome.FirstContent?.Ticks} {outcome.Tokens} {outcome.Cost} {outcome.SafetyViolations}");
        var told = scores.OrderBy(score => score.Name, StringComparer.Ordinal).Select(score => string.Create(CultureInfo.InvariantCulture, $"{score.Name}={score.Value}"));
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Kind}\n{key.Agent}\n{key.Id}\n{figures}\n{string.Join('\n', told)}"));
        return Convert.ToHexString(digest);
    }

    private static ImmutableArray<Score> OutcomeScores(ReportItem item)
    {
        if (item.Find("scores") is not { } scores) return [];
        if (scores.ValueKind is not JsonValueKind.Object || scores.EnumerateObject().Count() > MostScores)
        {
            item.Fault("scores", $"scores is an object of at most {MostScores} names with their figures");
            return [];
        }
        var read = ImmutableArray.CreateBuilder<Score>();
        foreach (var score in scores.EnumerateObject())
        {
            JudgeName(item, $"scores.{score.Name}", score.Name);
            if (item.Figure($"scores.{score.Name}", score.Value) is { } figure) read.Add(new(score.Name, figure));
        }
        return read.DrainToImmutable();
    }

    private static void JudgeName(ReportItem item, string member, string name)
    {
        if (!Metric.TryParse($"score.{name}", out _)) item.Fault(member, $"'{name}' is no name of a score: 1 to 64 of a-z, 0-9, '.', '_' and '-'");
    }
}
