namespace AgentCanary.Spec;

/// <summary>Says what stages with a shadow and no users may not do as their writer meant. Pure and thread-safe.</summary>
internal static class ShadowWarnings
{
    public static IEnumerable<string> Of(RolloutSpec spec) =>
        from stage in spec.Stages
        where stage.Weight == Weight.None && stage.Shadow > Weight.None
        let warning = stage.JudgesNothing ? Unjudged(stage) : Slow(stage, (spec.Shadow?.Budget ?? ShadowBudget.Standard).Requests)
        where warning is not null
        select warning;

    private static string Unjudged(Stage stage) =>
        $"stage {Quote.Of(stage.Name)} judges nothing: at weight 0 shadow_agreement is the only check with data, so a canary whose shadow calls all fail passes: add checks: [ \"shadow_agreement > 0.9\" ]";

    private static string? Slow(Stage stage, long? requests) => requests < stage.MinRequests
        ? $"stage {Quote.Of(stage.Name)} needs {Words.Number(stage.MinRequests)} compared answers (min_requests), and its shadow is sent at most {Words.Number(requests.Value)} requests an hour: "
            + "raise shadow.budget.requests, lower min_requests, or let the stage last some hours"
        : null;
}
