namespace AgentCanary.Server.Tests.Files;

/// <summary>Files with faults in their top-level values.</summary>
internal sealed class BadTop : TheoryData<string, string, string>
{
    public BadTop()
    {
        Add("Everything missing", "host: h.example",
            "1:1: agent is missing: write agent: NAME" + "\n" +
            "1:1: stable is missing: write stable: { version: v1.0.0, url: http://127.0.0.1:9101 }" + "\n" +
            "1:1: canary is missing: write canary: { version: v1.1.0, url: http://127.0.0.1:9102 }" + "\n" +
            "1:1: stages is missing: write a list of stages that ends with weight: 100%");
        Add("A misspelt key", RolloutText.Top("rescu: off"),
            "5:1: rescu: unknown key: did you mean 'rescue'?");
        Add("A key that nobody knows", RolloutText.Top("zzzzzz: 1"),
            "5:1: zzzzzz: unknown key: known here are agent, analysis, canary, canary_stages, cohorts, exclude, health, hooks, " +
            "host, notify, pins, prices, protocol, rescue, shadow, stable, stages, sticky");
        Add("A key in capitals", RolloutText.Top("Rescue: off"),
            "5:1: Rescue: unknown key: did you mean 'rescue'?");
        Add("An agent's name with a blank", "agent: my agent\n" + RolloutText.AfterAgent,
            "1:8: agent: 'my agent' is not an agent's name: write 1 to 64 of a-z, 0-9, '.', '_' and '-'");
        Add("An agent's name with capitals", "agent: Support\n" + RolloutText.AfterAgent,
            "1:8: agent: 'Support' is not an agent's name: write 1 to 64 of a-z, 0-9, '.', '_' and '-'");
        Add("An agent's name of dots", "agent: ..\n" + RolloutText.AfterAgent,
            "1:8: agent: '..' is not an agent's name: write 1 to 64 of a-z, 0-9, '.', '_' and '-'");
        Add("An agent's name that is too long",
            "agent: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" + RolloutText.AfterAgent,
            "1:8: agent: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…' is not an agent's name: write 1 to 64 " +
            "of a-z, 0-9, '.', '_' and '-'");
        Add("An agent's name that is a list", "agent: [ a ]\n" + RolloutText.AfterAgent,
            "1:8: agent: a list stands here: write an agent's name");
        Add("An empty agent", "agent:\n" + RolloutText.AfterAgent,
            "1:7: agent: nothing stands here: write an agent's name");
        Add("A host with a port", RolloutText.Top("host: a.example:80"),
            "5:7: host: 'a.example:80' is not a host name: write it without scheme, port and path, such as agents.example.com");
        Add("A host that is a URL", RolloutText.Top("host: http://a.example"),
            "5:7: host: 'http://a.example' is not a host name: write it without scheme, port and path, such as agents.example.com");
        Add("An unknown protocol", RolloutText.Top("protocol: grpc"),
            "5:11: protocol: 'grpc' is not one of auto, openai-chat, openai-responses, anthropic, a2a, mcp, ag-ui, http, none");
        Add("An unknown rescue", RolloutText.Top("rescue: always"),
            "5:9: rescue: 'always' is not one of off, connect, before-first-byte");
        Add("Routes of a rescue that sends nothing twice", RolloutText.Top("rescue: { when: connect, routes: [ /chat ] }"),
            "5:34: rescue.routes: routes are for requests that were sent already: write when: before-first-byte, or take routes out");
        Add("A rescue without its word, with a path that is none", RolloutText.Top("rescue: { routes: [ chat ] }"),
            "5:9: rescue: when is missing: write when: before-first-byte" + "\n" +
            "5:21: rescue.routes[0]: 'chat' is not a path: write one such as /v1/chat/completions, or /search/* for all below");
        Add("A list in the place of a rescue", RolloutText.Top("rescue: [ connect ]"),
            "5:9: rescue: a list stands here: write off or connect or before-first-byte");
        Add("Pins with a time to live out of range", RolloutText.Top("pins: { ttl: 1s }"),
            "5:14: pins.ttl: '1s' is outside 1m to 365d");
        Add("A notification", RolloutText.Top("notify: [ { slack: \"env:HOOK\" } ]"),
            "5:9: notify: notifying is not supported yet: take notify out");
        Add("A notification with a literal secret", RolloutText.Top("notify: [ { slack: https://hooks.slack.example/T0/B0/xyz } ]"),
            "5:9: notify: notifying is not supported yet: take notify out" + "\n" +
            "5:20: notify[0].slack: a secret stands here in the clear: write env:NAME or file:/path, and change the secret");
        Add("A webhook in the clear with a literal secret",
            RolloutText.Top("notify: [ { webhook: http://example.com/x, secret: hunter2 } ]"),
            "5:9: notify: notifying is not supported yet: take notify out" + "\n" +
            "5:22: notify[0].webhook: the URL is not encrypted: write https://…" + "\n" +
            "5:52: notify[0].secret: a secret stands here in the clear: write env:NAME or file:/path, and change the secret");
        Add("A notification to two sinks", RolloutText.Top("notify: [ { slack: \"env:A\", webhook: https://example.com/x } ]"),
            "5:9: notify: notifying is not supported yet: take notify out" + "\n" +
            "5:11: notify[0]: one sink belongs here: write a mapping such as { slack: \"env:SLACK_WEBHOOK\" } or { webhook: " +
            "https://…, secret: \"env:HOOK_SECRET\" }");
        Add("Hooks", RolloutText.Top("hooks: { before_start: https://example.com/x }"),
            "5:8: hooks: calling hooks is not supported yet: take hooks out");
        Add("A notification with a broken reference",
            RolloutText.Top("notify: [ { webhook: https://example.com/x, secret: \"env:\" } ]"),
            "5:9: notify: notifying is not supported yet: take notify out" + "\n" +
            "5:53: notify[0].secret: the reference to a secret is broken: write env:NAME, or file: and an absolute path");
        Add("A misspelt hook", RolloutText.Top("hooks: { before_begin: https://example.com/x }"),
            "5:8: hooks: calling hooks is not supported yet: take hooks out" + "\n" +
            "5:10: hooks.before_begin: unknown key: known here are after_complete, after_rollback, before_start");
    }
}
