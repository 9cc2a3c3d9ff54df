using System.Text.Json;
using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>A rollout's spec in stored JSON, but for its stages.</summary>
internal static class SpecJson
{
    public static void Write(Utf8JsonWriter writer, RolloutSpec spec)
    {
        writer.WriteString("agent", spec.Agent);
        writer.Object("stable", spec.Stable, WriteVersion);
        writer.Object("canary", spec.Canary, WriteVersion);
        writer.Optional("host", spec.Host);
        writer.Object("sticky", spec.Sticky, WriteSticky);
        writer.WriteString("protocol", spec.Protocol);
        writer.Objects("cohorts", spec.Cohorts, WriteCohort);
        writer.Texts("exclude", spec.Exclude);
        writer.Objects("stages", spec.Stages, StageJson.Write);
        writer.Object("analysis", spec.Analysis, WriteAnalysis);
        writer.Object("health", spec.Health, WriteHealth);
        writer.Seconds("pin_ttl_s", spec.PinTimeToLive);
        writer.Member("pins_on_rollback", JsonNames.PinRules, spec.PinsOnRollback);
        writer.Member("rescue", JsonNames.Rescues, spec.Rescue);
        if (!spec.Prices.IsDefaultOrEmpty) writer.Objects("prices", spec.Prices, PriceJson.Write);
        if (!spec.RescueRoutes.IsDefault) writer.Texts("rescue_routes", spec.RescueRoutes);
        writer.Object("shadow", spec.Shadow, WriteShadow);
    }

    public static RolloutSpec Read(JsonFields fields)
    {
        var absent = new RolloutSpec
        {
            Agent = fields.Text("agent"),
            Stable = ReadVersion(fields.Object("stable")),
            Canary = ReadVersion(fields.Object("canary")),
            Stages = fields.Objects("stages", StageJson.Read),
        };
        return absent with
        {
            Host = fields.TextOrNull("host"),
            Sticky = fields.ObjectOrNull("sticky") is { } sticky ? ReadSticky(sticky) : absent.Sticky,
            Protocol = fields.Text("protocol", absent.Protocol),
            Cohorts = fields.Objects("cohorts", ReadCohort),
            Exclude = fields.Texts("exclude", []),
            Analysis = fields.ObjectOrNull("analysis") is { } analysis ? ReadAnalysis(analysis) : absent.Analysis,
            Health = fields.ObjectOrNull("health") is { } health ? ReadHealth(health) : null,
            PinTimeToLive = fields.Seconds("pin_ttl_s", absent.PinTimeToLive),
            PinsOnRollback = fields.Member("pins_on_rollback", JsonNames.PinRules, absent.PinsOnRollback),
            Rescue = fields.Member("rescue", JsonNames.Rescues, absent.Rescue),
            Prices = fields.Objects("prices", PriceJson.Read),
            RescueRoutes = fields.Texts("rescue_routes", default),
            Shadow = fields.ObjectOrNull("shadow") is { } shadow ? ReadShadow(shadow) : null,
        };
    }

    private static void WriteShadow(Utf8JsonWriter writer, ShadowSpec shadow)
    {
        writer.Texts("safe", shadow.Safe);
        writer.Texts("forward", shadow.Forward);
        writer.Member("compare", JsonNames.Agreements, shadow.Agreement.Kind);
        if (!shadow.Agreement.Ignore.IsDefault) writer.Texts("ignore", shadow.Agreement.Ignore);
        writer.Number("tolerance", shadow.Agreement.Tolerance);
        writer.Number("similarity", shadow.Agreement.Similarity);
        writer.Object("budget", shadow.Budget, ShadowBudgetJson.Write);
        writer.Object("judge", shadow.Judge, JudgeJson.Write);
        writer.WriteNumber("keep", shadow.Keep);
        writer.Seconds("keep_for_s", shadow.KeepFor);
    }

    private static ShadowSpec ReadShadow(JsonFields fields)
    {
        var absent = new AgreementTerms();
        return new()
        {
            Safe = fields.Texts("safe", []),
            Forward = fields.Texts("forward", []),
            Agreement = new()
            {
                Kind = fields.Member("compare", JsonNames.Agreements, absent.Kind),
                Ignore = fields.Texts("ignore", default),
                Tolerance = fields.Number("tolerance", absent.Tolerance),
                Similarity = fields.Number("similarity", absent.Similarity),
            },
            Budget = fields.ObjectOrNull("budget") is { } budget ? ShadowBudgetJson.Read(budget) : ShadowBudget.Standard,
            Judge = fields.ObjectOrNull("judge") is { } judge ? JudgeJson.Read(judge) : null,
            Keep = fields.Int("keep", 0),
            KeepFor = fields.Seconds("keep_for_s", new ShadowSpec().KeepFor),
        };
    }

    private static void WriteVersion(Utf8JsonWriter writer, VersionSpec version)
    {
        writer.WriteString("version", version.Version);
        writer.Optional("url", version.Url);
        writer.Pairs("headers", version.Headers);
        writer.Pairs("set", version.Set);
        writer.Object("health", version.Health, WriteHealth);
    }

    private static VersionSpec ReadVersion(JsonFields fields) => new(fields.Text("version"))
    {
        Url = fields.TextOrNull("url"),
        Headers = fields.Pairs("headers"),
        Set = fields.Pairs("set"),
        Health = fields.ObjectOrNull("health") is { } health ? ReadHealth(health) : null,
    };

    private static void WriteSticky(Utf8JsonWriter writer, StickySpec sticky)
    {
        writer.Texts("key", sticky.Key);
        writer.Member("hash", JsonNames.Hashes, sticky.Hash);
    }

    private static StickySpec ReadSticky(JsonFields fields) => new()
    {
        Key = fields.Texts("key", new StickySpec().Key),
        Hash = fields.Member("hash", JsonNames.Hashes, default),
    };

    private static void WriteCohort(Utf8JsonWriter writer, Cohort cohort)
    {
        writer.WriteString("name", cohort.Name);
        writer.Objects("rules", cohort.Rules, static (writer, rule) =>
        {
            writer.WriteString("attribute", rule.Attribute);
            writer.Member("match", JsonNames.Matches, rule.Match);
            writer.Texts("values", rule.Values);
        });
    }

    // A rule's kind has no fallback: read as another kind it would let other callers in.
    private static Cohort ReadCohort(JsonFields fields) => new(fields.Text("name"), fields.Objects("rules", static rule =>
        new CohortRule(rule.Text("attribute"), rule.Member("match", JsonNames.Matches), rule.Texts("values", []))));

    private static void WriteAnalysis(Utf8JsonWriter writer, AnalysisSpec analysis)
    {
        writer.Member("mode", JsonNames.Modes, analysis.Mode);
        writer.Number("alpha", analysis.Alpha);
        writer.Number("beta", analysis.Beta);
        writer.WriteBoolean("promotion_observed", analysis.PromotionObserved);
        writer.Number("margin", analysis.Margin);
        writer.WriteBoolean("unit_is_key", analysis.UnitIsKey);
        writer.Seconds("outcome_deadline_s", analysis.OutcomeDeadline);
        writer.Seconds("warm_up_s", analysis.WarmUp);
        writer.Weight("holdback_bp", analysis.Holdback);
        writer.WriteNumber("fast_failures", analysis.FastFailures);
    }

    private static AnalysisSpec ReadAnalysis(JsonFields fields)
    {
        var absent = new AnalysisSpec();
        return new()
        {
            Mode = fields.Member("mode", JsonNames.Modes, absent.Mode),
            Alpha = fields.Number("alpha", absent.Alpha),
            Beta = fields.Number("beta", absent.Beta),
            PromotionObserved = fields.Flag("promotion_observed", absent.PromotionObserved),
            Margin = fields.NumberOrNull("margin"),
            UnitIsKey = fields.Flag("unit_is_key", absent.UnitIsKey),
            OutcomeDeadline = fields.Seconds("outcome_deadline_s", absent.OutcomeDeadline),
            WarmUp = fields.Seconds("warm_up_s", absent.WarmUp),
            Holdback = fields.Weight("holdback_bp", absent.Holdback),
            FastFailures = fields.Int("fast_failures", absent.FastFailures),
        };
    }

    private static void WriteHealth(Utf8JsonWriter writer, HealthSpec health)
    {
        writer.Optional("path", health.Path);
        writer.Texts("command", health.Command);
        writer.Seconds("interval_s", health.Interval);
        writer.WriteNumber("unhealthy_after", health.UnhealthyAfter);
        writer.Member("on_unhealthy", JsonNames.OnUnhealthies, health.OnUnhealthy);
        writer.Seconds("rollback_after_s", health.RollbackAfter);
    }

    private static HealthSpec ReadHealth(JsonFields fields)
    {
        var absent = new HealthSpec();
        return new()
        {
            Path = fields.TextOrNull("path"),
            Command = fields.Texts("command", []),
            Interval = fields.Seconds("interval_s", absent.Interval),
            UnhealthyAfter = fields.Int("unhealthy_after", absent.UnhealthyAfter),
            OnUnhealthy = fields.Member("on_unhealthy", JsonNames.OnUnhealthies, absent.OnUnhealthy),
            RollbackAfter = fields.Seconds("rollback_after_s", absent.RollbackAfter),
        };
    }
}
