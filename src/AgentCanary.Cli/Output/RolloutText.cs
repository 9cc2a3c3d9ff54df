using System.Globalization;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Output;

/// <summary>Tells a rollout in plain text.</summary>
internal static class RolloutText
{
    /// <summary>Tells it in one line.</summary>
    public static string Line(RolloutView rollout) =>
        $"{rollout.Agent}: {Phase(rollout)}, {Stage(rollout)}, revision {rollout.Revision}: {Decision(rollout)}{(Verdict(rollout) is { } time ? $"; verdict {time}" : "")}{Durability(rollout)}";

    /// <summary>Tells it whole, line by line.</summary>
    public static IEnumerable<string> Page(RolloutView rollout) =>
    [
        $"{rollout.Agent}  {rollout.Stable.Version} -> {rollout.Canary.Version}",
        $"Phase     {Phase(rollout)}",
        $"Stage     {Stage(rollout)}, since {Time(rollout.Stage.EnteredAt)}",
        $"Decision  {Decision(rollout)}",
        .. Verdict(rollout) is { } time ? [$"Verdict   {time}"] : Array.Empty<string>(),
        $"Attempt   {rollout.Attempt}, revision {rollout.Revision}{Durability(rollout)}",
        .. Pinned(rollout) is { } pinned ? [$"Pinned    {pinned}"] : Array.Empty<string>(),
        .. rollout.Shadow is { } shadow ? [$"Shadow    {Shadow(shadow)}"] : Array.Empty<string>(),
        .. rollout.Warnings.Select(warning => $"Warning   {warning}"),
        .. rollout.ModelChanges.Select(change => $"Model     {change.To} answers for {change.Version}, where {change.From} did"),
        "",
        .. Columns.Of(Arms(rollout)),
        .. rollout.Checks.IsEmpty ? [] : Columns.Of(Checks(rollout)).Prepend(""),
    ];

    /// <summary>Tells the two arms: a head and a row for each.</summary>
    public static IReadOnlyList<string[]> Arms(RolloutView rollout) =>
    [
        ["ARM", "REQUESTS", "ERRORS", "SUCCESS", "P50 ms", "P95 ms", "P99 ms", "USERS"],
        Row("canary", rollout.Arms.Canary),
        Row("control", rollout.Arms.Control),
    ];

    /// <summary>Tells the checks: a head and a row for each.</summary>
    public static IReadOnlyList<string[]> Checks(RolloutView rollout) =>
    [
        ["CHECK", "VERDICT", "CANARY", "INTERVAL", "CONTROL", "RATIO", "BOUND", "N CANARY", "N CONTROL", "REASON"],
        .. rollout.Checks.Select(check => new[]
        {
            check.Check, check.Verdict, Columns.Figure(check.Canary), Columns.Interval(check.Low, check.High, ""), Columns.Figure(check.Control),
            Columns.Interval(check.RatioLow, check.RatioHigh, "x"), Columns.Figure(check.Bound),
            Columns.Count(check.NCanary), Columns.Count(check.NControl), check.Reason,
        }),
    ];

    public static string Phase(RolloutView rollout) => rollout.PausedFor switch
    {
        null => rollout.Phase,
        "person" => $"{rollout.Phase} by a person",
        "approval" => $"{rollout.Phase} for an approval: agentcanary approve {rollout.Agent}",
        "deadline" => $"{rollout.Phase}, for the stage's deadline has passed",
        "failed_check" => $"{rollout.Phase}, for a check failed",
        "health" => $"{rollout.Phase}, for the canary is not healthy",
        var other => $"{rollout.Phase} ({other})",
    };

    public static string Stage(RolloutView rollout) =>
        $"stage {rollout.Stage.Index + 1} of {rollout.Stages} ({rollout.Stage.Name}), {Percent(rollout.WeightBp)} canary";

    public static string Decision(RolloutView rollout) => rollout.Reason.Length == 0 ? rollout.Decision : $"{rollout.Decision}: {rollout.Reason}";

    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Percent(int basisPoints) => (basisPoints / 100.0).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    private static string[] Row(string name, ArmView arm) =>
    [
        name, Columns.Count(arm.Requests), Columns.Count(arm.Errors), arm.SuccessRate?.ToString("P2", CultureInfo.InvariantCulture) ?? "-",
        Columns.Figure(arm.P50Ms), Columns.Figure(arm.P95Ms), Columns.Figure(arm.P99Ms), Columns.Count(arm.Users),
    ];

    // When the stage may be left or the rollout rolled back, as far as the present pace tells.
    private static string? Verdict(RolloutView rollout) => rollout.EtaSeconds is { } seconds ? $"in about {Span(seconds)}" : null;

    private static string? Pinned(RolloutView rollout) => rollout is { Pinned: { Canary: 0, Stable: 0 }, DrainUntil: null } ? null
        : $"{Columns.Count(rollout.Pinned.Canary)} conversations on the canary{(rollout.DrainUntil is { } end ? $" (they may finish there until {Time(end)})" : "")}, {Columns.Count(rollout.Pinned.Stable)} on stable";

    private static string Shadow(ShadowView shadow) =>
        $"{Columns.Count(shadow.Sent)} of {Columns.Count(shadow.Offered)} calls answered{(shadow.StopSeconds is { } seconds ? $"; stopped for {Span(seconds)}: {Why(shadow.Stop)}; more traffic does not help until then" : "")}";

    private static string Why(string? stop) => stop switch
    {
        "rate_limited" => "a version answered 429",
        "requests" => "the hour's requests are spent (shadow.budget.requests)",
        "tokens" => "the hour's tokens are spent (shadow.budget.tokens)",
        "cost" => "the hour's money is spent (shadow.budget.cost)",
        "unknown_tokens" => "an answer did not say its tokens, which are limited (shadow.budget.tokens)",
        "unknown_cost" => "an answer has no price, and the cost is limited: complete prices, or take shadow.budget.cost out",
        var other => other ?? "",
    };

    private static string Durability(RolloutView rollout) => rollout.Durable ? "" : " (NOT DURABLE: the store has not kept it yet)";

    private static string Span(long seconds) => seconds switch
    {
        < 120 => $"{seconds} s",
        < 7200 => $"{seconds / 60} min",
        _ => $"{seconds / 3600} h {seconds / 60 % 60} min",
    };
}
