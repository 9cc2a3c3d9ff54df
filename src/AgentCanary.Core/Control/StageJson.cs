using System.Text.Json;

namespace AgentCanary.Control;

/// <summary>A stage and its checks in stored JSON.</summary>
internal static class StageJson
{
    public static void Write(Utf8JsonWriter writer, Stage stage)
    {
        writer.WriteString("name", stage.Name);
        writer.Weight("weight_bp", stage.Weight);
        writer.Seconds("bake_s", stage.BakeTime);
        writer.WriteNumber("min_requests", stage.MinRequests);
        writer.WriteNumber("min_users", stage.MinUsers);
        writer.Seconds("deadline_s", stage.Deadline);
        writer.Member("on_deadline", JsonNames.OnDeadlines, stage.OnDeadline);
        writer.WriteBoolean("approval", stage.Approval);
        writer.WriteBoolean("auto_rollback", stage.AutoRollback);
        writer.Texts("cohorts", stage.Cohorts);
        writer.Weight("shadow_bp", stage.Shadow);
        writer.Seconds("score_grace_s", stage.ScoreGrace);
        writer.OptionalObjects("checks", stage.Checks, WriteCheck);
        writer.Number("min_success_rate", stage.MinSuccessRate);
        writer.Seconds("max_p95_s", stage.MaxP95);
    }

    public static Stage Read(JsonFields fields)
    {
        // The weight has no fallback: an absent one must not become everybody or nobody.
        var absent = new Stage(fields.Weight("weight_bp"));
        return absent with
        {
            Name = fields.Text("name", absent.Name),
            BakeTime = fields.Seconds("bake_s", absent.BakeTime),
            MinRequests = fields.Int("min_requests", absent.MinRequests),
            MinUsers = fields.Int("min_users", absent.MinUsers),
            Deadline = fields.SecondsOrNull("deadline_s"),
            OnDeadline = fields.Member("on_deadline", JsonNames.OnDeadlines, absent.OnDeadline),
            Approval = fields.Flag("approval", absent.Approval),
            AutoRollback = fields.Flag("auto_rollback", absent.AutoRollback),
            Cohorts = fields.Texts("cohorts", []),
            Shadow = fields.Weight("shadow_bp", absent.Shadow),
            ScoreGrace = fields.Seconds("score_grace_s", absent.ScoreGrace),
            Checks = fields.OptionalObjects("checks", ReadCheck),
            MinSuccessRate = fields.NumberOrNull("min_success_rate"),
            MaxP95 = fields.SecondsOrNull("max_p95_s"),
        };
    }

    // A check is kept in its parts, not as text alone: a later grammar must not change what an old rollout was judged by.
    private static void WriteCheck(Utf8JsonWriter writer, Check check)
    {
        writer.WriteString("text", check.Text);
        writer.WriteString("metric", check.Metric.Name);
        writer.Member("kind", JsonNames.Kinds, check.Metric.Kind);
        writer.Member("comparison", JsonNames.Comparisons, check.Comparison);
        writer.Member("operator", JsonNames.Operators, check.Operator);
        writer.Number("threshold", check.Threshold);
        writer.Member("on_fail", JsonNames.OnFails, check.OnFail);
        writer.Member("no_data", JsonNames.NoDatas, check.NoData);
        writer.Number("max_rate", check.MaxRate);
    }

    private static Check ReadCheck(JsonFields fields) => new()
    {
        Text = fields.Text("text"),
        Metric = new(fields.Member("kind", JsonNames.Kinds), fields.Text("metric")),
        Comparison = fields.Member("comparison", JsonNames.Comparisons),
        Operator = fields.Member("operator", JsonNames.Operators),
        Threshold = fields.Number("threshold"),
        OnFail = fields.Member("on_fail", JsonNames.OnFails, default),
        NoData = fields.Member("no_data", JsonNames.NoDatas, default),
        MaxRate = fields.NumberOrNull("max_rate"),
    };
}
