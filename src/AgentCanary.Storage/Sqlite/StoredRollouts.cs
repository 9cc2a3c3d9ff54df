using System.Globalization;
using System.Text;
using AgentCanary.Control;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AgentCanary.Storage.Sqlite;

/// <summary>Tells whether what is stored is what was written: the chain covers events and states, a digest each row of evidence.</summary>
internal static class StoredRollouts
{
    /// <summary>Checks all agents.</summary>
    /// <returns>A sentence about the first damage, or null where all is whole.</returns>
    public static string? FindDamage(SqliteConnection connection)
    {
        const string Agents = "SELECT agent FROM rollouts UNION SELECT agent FROM events UNION SELECT agent FROM evidence ORDER BY 1";
        foreach (var agent in connection.Query<string>(Agents))
        {
            if (FindBreak(connection, agent) is { } revision)
                return $"the events or the state of '{agent}' are not those that were written, from revision {revision} on.";
        }
        var evidence = connection.Query<EvidenceRecord>("SELECT agent, attempt, bytes, digest FROM evidence", buffered: false);
        return evidence.FirstOrDefault(row => !row.IsWhole) is { } bad ? $"the evidence of '{bad.Agent}' is not what was written." : null;
    }

    /// <summary>Walks an agent's chain.</summary>
    public static long? FindBreak(SqliteConnection connection, string agent)
    {
        var head = connection.QuerySingleOrDefault<StateRecord>("SELECT revision, attempt, state FROM rollouts WHERE agent = @agent", new { agent });
        var links = connection.Query<LinkRecord>(
            "SELECT revision, json, previous_hash AS previousHash, hash FROM events WHERE agent = @agent ORDER BY revision", new { agent }, buffered: false);
        var state = Encoding.UTF8.GetBytes(head?.State ?? "");
        if (EventChain.FindBreak(agent, links.Select(link => link.ToLink()), head?.Revision ?? 0, state) is { } broken) return broken;
        // The attempt stands beside the state for the sake of the evidence's rows.
        return head is not null && RolloutJson.ReadState(state).Attempt != head.Attempt ? head.Revision : null;
    }

    public static string DigestOf(string agent, long attempt, ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{agent}\n{attempt}\n"));
        return EventChain.HashOf([.. head, .. bytes]);
    }
}
