using System.Text.Json;

namespace AgentCanary.Control;

/// <summary>A rollout's state in stored JSON.</summary>
internal static class StateJson
{
    public static void Write(Utf8JsonWriter writer, RolloutState state)
    {
        writer.WriteNumber("revision", state.Revision);
        writer.WriteNumber("attempt", state.Attempt);
        writer.Member("phase", JsonNames.Phases, state.Phase);
        writer.Member("pause", JsonNames.Pauses, state.Pause);
        writer.WriteNumber("stage", state.Stage);
        writer.Instant("stage_entered_at", state.StageEnteredAt);
        writer.WriteBoolean("approved", state.Approved);
        writer.WriteBoolean("deadline_served", state.DeadlineServed);
        writer.Members("told", JsonNames.Alerts, state.Told);
        if (!state.ModelChanges.IsDefaultOrEmpty) writer.Objects("model_changes", state.ModelChanges, ModelChangeJson.Write);
        if (state.Pins is not default(Spec.PinsOnRollback)) writer.Member("pins", JsonNames.PinRules, state.Pins);
        writer.Hex("salt", state.Salt);
        writer.Hex("pepper", state.Pepper);
        writer.WriteString("reason", state.Reason);
        writer.Object("spec", state.Spec, SpecJson.Write);
    }

    // What decides who gets the canary has no fallback.
    public static RolloutState Read(JsonFields fields) => new()
    {
        Revision = fields.Long("revision"),
        Attempt = fields.Int("attempt"),
        Phase = fields.Member("phase", JsonNames.Phases),
        Pause = fields.Member("pause", JsonNames.Pauses, default),
        Stage = fields.Int("stage"),
        StageEnteredAt = fields.Instant("stage_entered_at"),
        Approved = fields.Flag("approved", false),
        DeadlineServed = fields.Flag("deadline_served", false),
        Told = fields.Members("told", JsonNames.Alerts),
        ModelChanges = fields.Objects("model_changes", ModelChangeJson.Read),
        Pins = fields.Member("pins", JsonNames.PinRules, default),
        Salt = fields.Hex("salt"),
        Pepper = fields.Hex("pepper", 0),
        Reason = fields.Text("reason", ""),
        Spec = SpecJson.Read(fields.Object("spec")),
    };
}
