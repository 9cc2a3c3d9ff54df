using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentCanary.Planning;

namespace AgentCanary.Cli.Output;

/// <summary>Writes outlooks as one JSON document: a rollout is the document; several are its <c>rollouts</c>. What is never reached is null.</summary>
internal static class OutlookJson
{
    // As the API writes: the document goes to a terminal or a file, never into a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IReadOnlyList<Outlook> outlooks)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            if (outlooks is [var only]) Write(writer, only);
            else
            {
                writer.WriteStartObject();
                Array(writer, "rollouts", outlooks, Write);
                writer.WriteEndObject();
            }
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, Outlook outlook)
    {
        writer.WriteStartObject();
        writer.WriteString("agent", outlook.Spec.Agent);
        writer.WriteNumber("requests_per_second", outlook.Traffic.PerSecond);
        Strings(writer, "assumptions", outlook.Assumptions);
        Array(writer, "stages", outlook.Stages, Write);
        Number(writer, "seconds_total_median", outlook.Seconds.Median);
        Number(writer, "seconds_total_p90", outlook.Seconds.P90);
        writer.WriteNumber("fast_rule_false_alarm", outlook.FastAlarm);
        if (outlook.Fitting is { } fitting) Write(writer, fitting);
        Strings(writer, "warnings", outlook.Warnings);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, StageOutlook stage)
    {
        writer.WriteStartObject();
        writer.WriteString("name", stage.Stage.Name);
        writer.WriteNumber("weight_bp", stage.Stage.Weight.BasisPoints);
        Number(writer, "seconds_median", stage.Seconds.Median);
        Number(writer, "seconds_p90", stage.Seconds.P90);
        writer.WriteString("waits_for", stage.WaitsFor);
        Array(writer, "checks", stage.Checks, Write);
        Count(writer, "users_exposed", stage.UsersExposed);
        Array(writer, "bad_canaries", stage.BadCanaries, Write);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CheckOutlook check)
    {
        writer.WriteStartObject();
        writer.WriteString("check", check.Check.Text);
        writer.WriteBoolean("gating", check.IsGating);
        writer.WriteString("shows", check.Shows);
        Count(writer, "samples_median", check.IsGating ? check.Samples.Median : double.NaN);
        Count(writer, "samples_p90", check.IsGating ? check.Samples.P90 : double.NaN);
        Count(writer, "samples_in_stage_median", check.IsGating ? check.SamplesInStage.Median : double.NaN);
        Number(writer, "seconds_median", check.IsGating ? check.Seconds.Median : double.NaN);
        Number(writer, "seconds_p90", check.IsGating ? check.Seconds.P90 : double.NaN);
        writer.WriteBoolean("decides_before_deadline", check.DecidesInTime);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, BadCanaryOutlook canary)
    {
        writer.WriteStartObject();
        writer.WriteNumber("error_rate", canary.ErrorRate);
        Spread(writer, "canary_requests_to_rollback", canary.Requests);
        Spread(writer, "seconds_to_rollback", canary.Seconds);
        Spread(writer, "failed_requests_to_rollback", canary.Failed);
        writer.WriteBoolean("inside_margin", canary.IsInsideMargin);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Fitting fitting)
    {
        writer.WriteStartObject("within");
        writer.WriteNumber("seconds", fitting.Budget.TotalSeconds);
        writer.WriteBoolean("fits_as_written", fitting.FitsAsWritten);
        Array(writer, "suggestions", fitting.Fits, Write);
        if (fitting.Obstacle is { } obstacle) writer.WriteString("obstacle", obstacle);
        Strings(writer, "known", fitting.Known);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Fit fit)
    {
        writer.WriteStartObject();
        if (fit.Margin is { } margin) writer.WriteNumber("margin", margin);
        Array(writer, "stages", fit.Stages, static (writer, stage) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", stage.Name);
            writer.WriteNumber("weight_bp", stage.Weight.BasisPoints);
            writer.WriteEndObject();
        });
        Number(writer, "seconds_total_median", fit.Seconds.Median);
        Number(writer, "seconds_total_p90", fit.Seconds.P90);
        writer.WriteEndObject();
    }

    private static void Spread(Utf8JsonWriter writer, string name, Spread spread)
    {
        writer.WriteStartObject(name);
        Number(writer, "mean", spread.Mean);
        Number(writer, "median", spread.Median);
        Number(writer, "p90", spread.P90);
        writer.WriteEndObject();
    }

    private static void Array<T>(Utf8JsonWriter writer, string name, IEnumerable<T> values, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) write(writer, value);
        writer.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter writer, string name, IEnumerable<string> values) => Array(writer, name, values, static (writer, value) => writer.WriteStringValue(value));

    private static void Count(Utf8JsonWriter writer, string name, double count) => Number(writer, name, Math.Ceiling(count));

    private static void Number(Utf8JsonWriter writer, string name, double number)
    {
        if (double.IsFinite(number)) writer.WriteNumber(name, Math.Round(number, 3));
        else writer.WriteNull(name);
    }
}
