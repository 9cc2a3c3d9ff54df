using System.Collections.Immutable;
using AgentCanary.Protocols;
using AgentCanary.Server.Gateway;

namespace AgentCanary.Server.Reports;

/// <summary>Knows the decisions behind the ids that the gateway read in answers since the process started. Thread-safe.</summary>
internal sealed class LearnedDecisions(AnswerNames names, DecisionIds ids, RolloutRegistry registry) : IDecisionMap
{
    /// <inheritdoc/>
    public bool TryFind(in JoinKey key, out DecisionId decision)
    {
        decision = default;
        var found = key.Agent is { } agent ? Find(agent, key.Kind, key.Id) : FindAnywhere(key.Kind, key.Id);
        return found is not null && ids.TryRead(found, out decision);
    }

    // An id that several agents gave names nobody: the report waits, and its sender may say which agent it means.
    private string? FindAnywhere(JoinKind kind, string id)
    {
        var found = registry.Current.Keys.Select(agent => Find(agent, kind, id)).OfType<string>().Take(2).ToList();
        return found is [var only] ? only : null;
    }

    private string? Find(string agent, JoinKind kind, string id)
    {
        foreach (var named in KindsOf(kind))
        {
            if (names.Find(agent, named, id) is { } decision) return decision;
        }
        return null;
    }

    private static ImmutableArray<MintedIdKind> KindsOf(JoinKind kind) => kind switch
    {
        JoinKind.Response => [MintedIdKind.Answer, MintedIdKind.Response],
        JoinKind.Conversation => [MintedIdKind.Conversation, MintedIdKind.Session],
        JoinKind.Task => [MintedIdKind.Task],
        _ => [],
    };
}
