using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Output;

/// <summary>Tells an event in plain text.</summary>
internal static class EventText
{
    /// <summary>Tells it in one line.</summary>
    public static string Line(EventView written) =>
        $"{RolloutText.Time(written.At)} {written.Type} by {written.Actor}, stage {Stages(written)}{(written.Reason.Length == 0 ? "" : $": {written.Reason}")}";

    /// <summary>Tells the stages, from 1: one, or from which to which.</summary>
    public static string Stages(EventView written) =>
        written.FromStage == written.ToStage ? $"{written.ToStage + 1}" : $"{written.FromStage + 1} -> {written.ToStage + 1}";
}
