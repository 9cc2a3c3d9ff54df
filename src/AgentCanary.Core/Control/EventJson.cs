using System.Text.Json;
using AgentCanary.Analysis;

namespace AgentCanary.Control;

/// <summary>An event in stored JSON. Its own hash is not part of it: the hash is made over this.</summary>
internal static class EventJson
{
    public static void Write(Utf8JsonWriter writer, RolloutEvent @event)
    {
        writer.WriteString("agent", @event.Agent);
        writer.WriteNumber("revision", @event.Revision);
        writer.Instant("at", @event.At);
        writer.WriteString("type", @event.Type);
        writer.WriteString("actor", @event.Actor);
        writer.WriteString("reason", @event.Reason);
        writer.WriteNumber("attempt", @event.Attempt);
        writer.WriteNumber("from_stage", @event.FromStage);
        writer.WriteNumber("to_stage", @event.ToStage);
        writer.Objects("evidence", @event.Evidence, WriteCheck);
        writer.Object("model", @event.Model, ModelChangeJson.Write);
        writer.WriteString("state_hash", @event.StateHash);
    }

    public static RolloutEvent Read(JsonFields fields) => new()
    {
        Agent = fields.Text("agent"),
        Revision = fields.Long("revision"),
        At = fields.Instant("at"),
        Type = fields.Text("type"),
        Actor = fields.Text("actor"),
        Reason = fields.Text("reason", ""),
        Attempt = fields.Int("attempt", 1),
        FromStage = fields.Int("from_stage", 0),
        ToStage = fields.Int("to_stage", 0),
        Evidence = fields.Objects("evidence", ReadCheck),
        Model = fields.ObjectOrNull("model") is { } model ? ModelChangeJson.Read(model) : null,
        StateHash = fields.Text("state_hash", ""),
    };

    private static void WriteCheck(Utf8JsonWriter writer, CheckResult result)
    {
        writer.WriteString("check", result.Check);
        writer.Member("verdict", JsonNames.Verdicts, result.Verdict);
        writer.Member("on_fail", JsonNames.OnFails, result.OnFail);
        writer.WriteBoolean("gating", result.IsGating);
        writer.Number("canary", result.Canary);
        writer.Number("control", result.Control);
        writer.Number("bound", result.Bound);
        writer.Number("low", result.Low);
        writer.Number("high", result.High);
        writer.Number("ratio_low", result.RatioLow);
        writer.Number("ratio_high", result.RatioHigh);
        writer.WriteNumber("n_canary", result.CanaryCount);
        writer.WriteNumber("n_control", result.ControlCount);
        writer.Number("e_value", result.EValue);
        writer.Number("design_effect", result.DesignEffect);
        writer.WriteString("reason", result.Reason);
    }

    private static CheckResult ReadCheck(JsonFields fields) => new()
    {
        Check = fields.Text("check"),
        Verdict = fields.Member("verdict", JsonNames.Verdicts),
        OnFail = fields.Member("on_fail", JsonNames.OnFails, default),
        IsGating = fields.Flag("gating", true),
        Canary = fields.NumberOrNull("canary"),
        Control = fields.NumberOrNull("control"),
        Bound = fields.NumberOrNull("bound"),
        Low = fields.NumberOrNull("low"),
        High = fields.NumberOrNull("high"),
        RatioLow = fields.NumberOrNull("ratio_low"),
        RatioHigh = fields.NumberOrNull("ratio_high"),
        CanaryCount = fields.Long("n_canary", 0),
        ControlCount = fields.Long("n_control", 0),
        EValue = fields.NumberOrNull("e_value"),
        DesignEffect = fields.NumberOrNull("design_effect"),
        Reason = fields.Text("reason", ""),
    };
}
