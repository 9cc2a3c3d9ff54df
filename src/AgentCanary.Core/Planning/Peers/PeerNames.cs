using System.Collections.Immutable;
using AgentCanary.Spec;

namespace AgentCanary.Planning.Peers;

/// <summary>How the peers are called, and what of their rules is simulated.</summary>
public static class PeerNames
{
    private static readonly ImmutableArray<string> Names = ["agent-canary", "flagger", "argo", "kayenta"];
    private static readonly ImmutableArray<string> Titles = ["agent-canary (Python)", "Flagger", "Argo Rollouts", "Kayenta"];

    private static readonly ImmutableArray<string> Rules =
    [
        "asked every minute; 5 points less success than stable after 50 answers rolls back, 99 % success after the stage's time and answers promotes",
        "interval 1m, request-success-rate of 99 %, threshold 5, stepWeights of the stages; each good minute is one step, as it has no bake time",
        "background analysis with interval 5m, result[0] >= 0.95, failureLimit 3; pauses of the stages' bake times",
        "one metric, the error rate of each minute against all of stable's, judged about every 10 minutes of a stage's bake time, marginal 75, pass 95",
    ];

    extension(Peer peer)
    {
        /// <summary>Gets the name on the command line, such as <c>agent-canary</c>.</summary>
        public string Name => Names[(int)peer];

        /// <summary>Gets the name in a table, such as <c>Argo Rollouts</c>.</summary>
        public string Title => Titles[(int)peer];

        /// <summary>Gets which of its settings were taken, in one line.</summary>
        public string Rule => Rules[(int)peer];
    }

    /// <summary>Reads a list of names such as <c>agent-canary,flagger</c>, or <c>all</c>.</summary>
    /// <returns>The peers in the order of the list, each once, or every fault.</returns>
    public static (ImmutableArray<Peer> Peers, ImmutableArray<string> Faults) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "all") return ([.. Enum.GetValues<Peer>()], []);
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        var faults = names.Where(name => !Names.Contains(name)).Select(name => $"there is no peer {Quote.Of(name)}: {Spelling.Advise(name, [.. Names, "all"])}");
        return ([.. names.Where(Names.Contains).Select(name => (Peer)Names.IndexOf(name)).Distinct()], [.. faults]);
    }
}
