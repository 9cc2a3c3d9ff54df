using System.Text.Json.Nodes;
using SupportAgent.Knowledge;

namespace SupportAgent.Tools;

/// <summary>
/// Searches the shop's terms: <c>policy_search(query)</c>. Ranks by the rarity of the shared words (inverse document frequency).
/// </summary>
internal sealed class PolicySearch : ITool
{
    private const int StemLength = 5;
    private static readonly char[] Separators = [.. " .,;:!?\"'()-/\n\r\t"];

    private readonly (Policy Policy, HashSet<string> Words)[] _entries;
    private readonly Dictionary<string, double> _weights;

    public PolicySearch(Library library)
    {
        _entries = [.. library.Policies.Select(p => (p, Stems($"{p.Title} {p.Text}").ToHashSet()))];
        _weights = _entries.SelectMany(e => e.Words).GroupBy(w => w).ToDictionary(g => g.Key, g => Math.Log((double)_entries.Length / g.Count()) + 0.01);
    }

    public string Name => "policy_search";

    public JsonObject Run(JsonObject arguments)
    {
        var query = arguments["query"]?.ToString() ?? throw new ToolException("policy_search needs query.");
        var words = Stems(query).ToHashSet();
        var best = _entries
            .Select(e => (e.Policy, Score: e.Words.Where(words.Contains).Sum(w => _weights[w])))
            .Where(hit => hit.Score > 0)
            .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Policy.Id, StringComparer.Ordinal)
            .Take(2);
        return new JsonObject
        {
            ["matches"] = new JsonArray([.. best.Select(hit => (JsonNode)new JsonObject
            {
                ["id"] = hit.Policy.Id, ["title"] = hit.Policy.Title, ["text"] = hit.Policy.Text, ["score"] = Math.Round(hit.Score, 3),
            })]),
        };
    }

    // Five letters fold refund, refunds and refunded into one word, which is enough for a dozen paragraphs.
    private static IEnumerable<string> Stems(string text) => text
        .Split(Separators, StringSplitOptions.RemoveEmptyEntries)
        .Where(word => word.Length > 3)
        .Select(word => word.ToLowerInvariant()[..Math.Min(word.Length, StemLength)]);
}
