namespace AgentCanary.Spec;

/// <summary>Judges what calls out: <c>notify</c> and <c>hooks</c>.</summary>
internal static class OutwardBinder
{
    private const int MostSinks = 16;
    private const string Sink =
        "a mapping such as { slack: \"env:SLACK_WEBHOOK\" } or { webhook: https://…, secret: \"env:HOOK_SECRET\" }";

    public static void JudgeNotify(Place? place)
    {
        foreach (var item in place?.Items($"a list with {Sink}", MostSinks) ?? [])
        {
            if (item.Section(Sink) is not { } section) continue;
            var (slack, webhook, secret) = (section.Take("slack"), section.Take("webhook"), section.Take("secret"));
            section.Close();
            slack.Read<string>("", "env:NAME or file:/path", SecretText.TryParse);
            webhook.Read<string?>(null, "an address such as https://example.com/hook", UrlText.TryParseOutward);
            secret.Read<string>("", "env:NAME or file:/path", SecretText.TryParse);
            if (slack is null == webhook is null) item.Fault($"one sink belongs here: write {Sink}");
            if (secret is not null && webhook is null) secret.Fault("a secret signs webhooks: write it beside webhook, or take it out");
        }
    }

    public static void JudgeHooks(Place? place)
    {
        if (place?.Section("a mapping such as { before_start: https://… }") is not { } section) return;
        foreach (var name in (ReadOnlySpan<string>)["before_start", "after_rollback", "after_complete"])
            section.Take(name).Read<string?>(null, "an address such as https://example.com/hook", UrlText.TryParseOutward);
        section.Close();
    }
}
