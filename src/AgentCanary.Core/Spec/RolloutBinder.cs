using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds one document: the whole of a rollout.</summary>
internal static class RolloutBinder
{
    private const string Wanted = "a mapping with agent, stable, canary and stages";

    public static RolloutSpec? Bind(Place place, AgentSet agents)
    {
        if (place.Section(Wanted) is not { } root) return null;
        var agent = root.Need("agent", "agent: NAME");
        var host = root.Take("host");
        var health = HealthBinder.Bind(root.Take("health"), inherited: null);
        var cohorts = CohortBinder.BindAll(root.Take("cohorts"));
        var pins = PinsSection(root.Take("pins"));
        var rescue = RescueBinder.Bind(root.Take("rescue"));
        var spec = new RolloutSpec
        {
            Agent = agent.Name("", "an agent's name"),
            Host = host is null ? null : host.Read<string?>(null, "a host name such as agents.example.com", UrlText.TryParseHost),
            Stable = VersionBinder.Bind(root.Need("stable", VersionBinder.Example("stable", "v1.0.0", 9101)), health),
            Canary = VersionBinder.Bind(root.Need("canary", VersionBinder.Example("canary", "v1.1.0", 9102)), health),
            Sticky = StickyBinder.Bind(root.Take("sticky")),
            Protocol = root.Take("protocol").Choice("auto", [.. Protocols.Select(name => (name, name))]),
            Cohorts = cohorts,
            Exclude = CohortBinder.BindNames(root.Take("exclude"), cohorts, mayBeUndefined: true),
            Stages = default,
            Analysis = AnalysisBinder.Bind(root.Take("analysis")),
            Health = health,
            PinTimeToLive = pins.TimeToLive,
            PinsOnRollback = pins.OnRollback,
            Prices = PriceBinder.Bind(root.Take("prices")),
            Rescue = rescue.When,
            RescueRoutes = rescue.Routes,
            Shadow = ShadowBinder.Bind(root.Take("shadow"), hasPrices: root.Take("prices") is not null),
        };
        spec = spec with { Stages = StagesBinder.Bind(root, spec) };
        OutwardBinder.JudgeNotify(root.Take("notify"));
        OutwardBinder.JudgeHooks(root.Take("hooks"));
        root.Close();
        VersionBinder.JudgePair(root, spec);
        agents.Judge(spec, agent, host);
        return spec;
    }

    private static readonly ImmutableArray<string> Protocols =
        ["auto", "openai-chat", "openai-responses", "anthropic", "a2a", "mcp", "ag-ui", "http", "none"];

    private static (TimeSpan TimeToLive, PinsOnRollback OnRollback) PinsSection(Place? place)
    {
        var section = place?.Section("a mapping such as { ttl: 24h, on_rollback: release }");
        var timeToLive = section?.Take("ttl")
            .Duration(TimeSpan.FromHours(24), TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)) ?? TimeSpan.FromHours(24);
        var onRollback = section?.Take("on_rollback").Choice(PinsOnRollback.Release,
            ("release", PinsOnRollback.Release), ("drain", PinsOnRollback.Drain), ("cut", PinsOnRollback.Cut)) ?? PinsOnRollback.Release;
        section?.Close();
        return (timeToLive, onRollback);
    }
}
