using System.Text.RegularExpressions;

namespace AgentCanary.EndToEnd.Tests.Architecture;

/// <summary>Which feature of a project names another one, by a using line or by a qualified name, and where.</summary>
internal sealed record FeatureGraph(IReadOnlyList<FeatureGraph.Edge> Edges)
{
    public static FeatureGraph Of(string project, string rootNamespace, IReadOnlyList<SourceFile> sources)
    {
        var files = sources.Where(file => file.Project == project).ToList();
        var types = files.Where(file => file.Feature.Length > 0).ToLookup(file => file.Feature, file => file.Name);
        return new([.. from file in files
                       let code = file.Code
                       from feature in types
                       where feature.Key != file.Feature && Names(code, rootNamespace, feature)
                       select new Edge(file.Feature, feature.Key, file.Path)]);
    }

    /// <summary>Finds a ring, as the features on it from one back to itself, or nothing.</summary>
    public IReadOnlyList<string> FindRing()
    {
        var next = Edges.Where(edge => edge.From.Length > 0).ToLookup(edge => edge.From, edge => edge.To);
        return next.Select(start => Walk([start.Key], next)).FirstOrDefault(ring => ring.Count > 0) ?? [];
    }

    private static IReadOnlyList<string> Walk(IReadOnlyList<string> path, ILookup<string, string> next)
    {
        foreach (var to in next[path[^1]].Distinct())
        {
            if (to == path[0]) return [.. path, to];
            if (!path.Contains(to) && Walk([.. path, to], next) is { Count: > 0 } ring) return ring;
        }
        return [];
    }

    // A feature is named in full, or from inside the same root by the feature and one of its types (Metrics.MetricWindow).
    private static bool Names(string code, string rootNamespace, IGrouping<string, string> feature) =>
        Regex.IsMatch(code, $@"\b{Regex.Escape(rootNamespace)}\.{feature.Key}\b")
        || Regex.IsMatch(code, $@"(?<![\w.]){feature.Key}\.(?:{string.Join('|', feature.Distinct())})\b");

    /// <summary>One file of a feature names another feature; the empty name is the project's own folder.</summary>
    internal sealed record Edge(string From, string To, string File)
    {
        public override string ToString() => $"{File} ({(From.Length > 0 ? From : "the project's own folder")} names {To})";
    }
}
