namespace AgentCanary.Server.Tests.Files;

/// <summary>Files with faults in the sections around the stages.</summary>
internal sealed class BadSections : TheoryData<string, string, string>
{
    public BadSections()
    {
        Add("A safe path that is none", RolloutText.Top("shadow: { safe: [ v1/chat, /a*, \"/a?b\" ] }"),
            "5:19: shadow.safe[0]: 'v1/chat' is not a path: write one such as /v1/chat/completions, or /search/* for all below" + "\n" +
            "5:28: shadow.safe[1]: '/a*' is not a path: write one such as /v1/chat/completions, or /search/* for all below" + "\n" +
            "5:33: shadow.safe[2]: '/a?b' is not a path: write one such as /v1/chat/completions, or /search/* for all below");
        Add("A forwarded header that belongs to a connection", RolloutText.Top("shadow: { forward: [ connection ] }"),
            "5:22: shadow.forward[0]: 'connection' belongs to a single connection or message and cannot be set: take it out");
        Add("A shadow's budget that is none", RolloutText.Top("shadow: { budget: { requests: 0, tokens: 2M, cost: -1, bytes: 3 } }"),
            "5:19: shadow.budget: cost is limited, and no model has a price: add prices, or limit requests or tokens" + "\n" +
            "5:31: shadow.budget.requests: '0' is not a whole number of requests an hour, 1 to 1,000,000,000" + "\n" +
            "5:42: shadow.budget.tokens: '2M' is not a whole number of tokens an hour, 1 to 1,000,000,000,000" + "\n" +
            "5:52: shadow.budget.cost: '-1' is not an amount an hour above 0, up to 1,000,000" + "\n" +
            "5:56: shadow.budget.bytes: unknown key: known here are cost, requests, tokens");
        Add("A shadow's budget of a word", RolloutText.Top("shadow: { budget: 1000 }"),
            "5:19: shadow.budget: '1000' stands here: write a mapping such as { requests: 1000, cost: 5.00 }");
        Add("A judge without an address", RolloutText.Top("shadow: { judge: { model: \"a b\", sample: 0, per_hour: 0, timeout: 1h } }"),
            "5:18: shadow.judge: url is missing: write url: https://judge.example.com/pairs" + "\n" +
            "5:27: shadow.judge.model: 'a b' is not a model's name: write 1 to 128 visible ASCII characters" + "\n" +
            "5:42: shadow.judge.sample: nothing would be judged, and shadow_agreement would have no data: write a share such as 10%, or take judge out" + "\n" +
            "5:55: shadow.judge.per_hour: '0' is not a whole number of 1 to 100000" + "\n" +
            "5:67: shadow.judge.timeout: '1h' is outside 1s to 5m");
        Add("A judge in the clear", RolloutText.Top("shadow: { judge: { url: \"http://judge.example.com/\", headers: { authorization: Bearer x }, instruction: Be kind. } }"),
            "5:25: shadow.judge.url: the URL is not encrypted: write https://…" + "\n" +
            "5:80: shadow.judge.headers.authorization: a secret stands here in the clear: write env:NAME or file:/path, and change the secret" + "\n" +
            "5:105: shadow.judge.instruction: instruction is told to a model: add model, or take instruction out, for a judge without one has its own rules");
        Add("Pairs that are kept too many and too long", RolloutText.Top("shadow: { keep: 201, keep_for: 8d }"),
            "5:17: shadow.keep: '201' is not a whole number of 0 to 200" + "\n" + "5:32: shadow.keep_for: '8d' is outside 1m to 7d");
        Add("Prices of nothing", RolloutText.Top("prices: { gpt-x: { input: -1, output: much, cache: 1 }, \"a b\": { input: 1 }, gpt-y: 3, \"*\": { input: 1, output: 1 } }"),
            "5:27: prices.gpt-x.input: '-1' is not a price of a million tokens, 0 to 1,000,000" + "\n" +
            "5:39: prices.gpt-x.output: 'much' is not a price of a million tokens, 0 to 1,000,000" + "\n" +
            "5:45: prices.gpt-x.cache: unknown key: did you mean 'cached'?" + "\n" +
            "5:57: prices.a b: 'a b' is not a model's name: write it as answers give it, 1 to 128 visible ASCII characters, with * only at its end for all names that begin so" + "\n" +
            "5:64: prices.a b: output is missing: write output: 10, or what a million tokens of answers cost" + "\n" +
            "5:85: prices.gpt-y: '3' stands here: write prices of a million tokens such as { input: 2.50, output: 10, cached: 1.25 }" + "\n" +
            "5:88: prices.*: '*' is not a model's name: write it as answers give it, 1 to 128 visible ASCII characters, with * only at its end for all names that begin so");
        Add("A list of prices", RolloutText.Top("prices: [ gpt-x ]"),
            "5:9: prices: a list stands here: write a mapping such as gpt-4o: { input: 2.50, output: 10, cached: 1.25 }");
        Add("A sticky word", RolloutText.Top("sticky: session"),
            "5:9: sticky: 'session' stands here: write random, or a mapping such as { key: [ header:x-user-id ], hash: xxh64 }");
        Add("A sticky key from elsewhere", RolloutText.Top("sticky: { key: [ query:user ] }"),
            "5:18: sticky.key[0]: 'query:user' is not a source: write header:NAME, cookie:NAME or body:$.field");
        Add("A sticky key without name", RolloutText.Top("sticky: { key: [ \"header:\" ] }"),
            "5:18: sticky.key[0]: '' is not a name that a header or cookie can have: write letters, digits and '-'");
        Add("A sticky path that is none", RolloutText.Top("sticky: { key: [ \"body:$.a..b\" ] }"),
            "5:18: sticky.key[0]: 'body:$.a..b' is not a path: write names of letters, digits, '_' and '-' with dots between, " +
            "such as body:$.user.id");
        Add("A sticky path with an index", RolloutText.Top("sticky: { key: [ \"body:$.messages[0].user\" ] }"),
            "5:18: sticky.key[0]: 'body:$.messages[0].user' is not a path: write names of letters, digits, '_' and '-' with dots " +
            "between, such as body:$.user.id");
        Add("No sticky key", RolloutText.Top("sticky: { key: [] }"),
            "5:16: sticky.key: the list is empty: write header:NAME, cookie:NAME or body:$.field, or sticky: random");
        Add("A sticky key twice", RolloutText.Top("sticky: { key: [ header:x-a, header:X-A ] }"),
            "5:30: sticky.key[1]: 'header:x-a' stands in the list already: take one out");
        Add("An unknown hash", RolloutText.Top("sticky: { hash: sha1 }"),
            "5:17: sticky.hash: 'sha1' is not one of xxh64, md5");
        Add("A cohort's name with a blank", RolloutText.Top("cohorts: { \"the staff\": { header:g: { exact: a } } }"),
            "5:12: cohorts.the staff: 'the staff' is not a cohort's name: write 1 to 64 of a-z, 0-9, '.', '_' and '-'");
        Add("A cohort without rule", RolloutText.Top("cohorts: { staff: {} }"),
            "5:19: cohorts.staff: the cohort has no rule: write one such as { header:x-user-group: { in: [ staff, qa ] } }");
        Add("A cohort rule on another source", RolloutText.Top("cohorts: { staff: { ip: { exact: a } } }"),
            "5:21: cohorts.staff.ip: 'ip' is not a source: write header:NAME or cookie:NAME");
        Add("A cohort rule that is a word", RolloutText.Top("cohorts: { staff: { header:g: qa } }"),
            "5:31: cohorts.staff.header:g: 'qa' stands here: write one of { exact: TEXT }, { prefix: TEXT }, { suffix: TEXT }, { " +
            "in: [ TEXT, TEXT ] }, { present: true }");
        Add("A cohort rule without condition", RolloutText.Top("cohorts: { staff: { header:g: {} } }"),
            "5:31: cohorts.staff.header:g: the rule has no condition: write one of { exact: TEXT }, { prefix: TEXT }, { suffix: " +
            "TEXT }, { in: [ TEXT, TEXT ] }, { present: true }");
        Add("A regular expression", RolloutText.Top("cohorts: { staff: { header:g: { regex: \"^(a+)+$\" } } }"),
            "5:33: cohorts.staff.header:g.regex: unknown key: there are no regular expressions: use exact, prefix, suffix, in or " +
            "present");
        Add("An unknown condition", RolloutText.Top("cohorts: { staff: { header:g: { equals: a } } }"),
            "5:33: cohorts.staff.header:g.equals: unknown key: known here are exact, in, prefix, present, suffix");
        Add("An empty prefix", RolloutText.Top("cohorts: { staff: { header:g: { prefix: \"\" } } }"),
            "5:41: cohorts.staff.header:g.prefix: the text is empty and would match anything: write the text to compare with, or " +
            "present: true");
        Add("An empty list of values", RolloutText.Top("cohorts: { staff: { header:g: { in: [] } } }"),
            "5:37: cohorts.staff.header:g.in: the list is empty: write the texts to compare with");
        Add("Absence", RolloutText.Top("cohorts: { staff: { header:g: { present: false } } }"),
            "5:42: cohorts.staff.header:g.present: only presence can be asked for: write present: true");
        Add("An unknown cohort that is excluded",
            RolloutText.Top("cohorts: { staff: { header:g: { exact: a } } }\nexclude: [ stuff ]"),
            "6:12: exclude[0]: 'stuff' is not a cohort: did you mean 'staff'?");
        Add("A cohort that is excluded and invited",
            RolloutText.Stages("cohorts: { vip: { header:g: { exact: a } } }\nexclude: [ vip ]\nstages: [ { name: x, weight: 5%, " +
                "cohorts: [ vip ] }, { weight: 100% } ]"),
            "6:43: stages[0].cohorts: every cohort of the stage stands under exclude, so nobody would get the canary: take one " +
            "out there or here");
        Add("A cohort excluded twice", RolloutText.Top("cohorts: { vip: { header:g: { exact: a } } }\nexclude: [ vip, vip ]"),
            "6:17: exclude[1]: 'vip' stands in the list already: take one out");
        Add("An unknown analysis", RolloutText.Top("analysis: { mode: bayes }"),
            "5:19: analysis.mode: 'bayes' is not one of sequential, point");
        Add("An error rate of a half", RolloutText.Top("analysis: { alpha: 0.5, beta: 0 }"),
            "5:20: analysis.alpha: '0.5' is not a number above 0 and below 0.5" + "\n" +
            "5:31: analysis.beta: '0' is not a number above 0 and below 0.5");
        Add("An error rate that is not a number", RolloutText.Top("analysis: { alpha: .nan }"),
            "5:20: analysis.alpha: '.nan' is not a number above 0 and below 0.5");
        Add("A margin without end", RolloutText.Top("analysis: { margin: .inf }"),
            "5:21: analysis.margin: '.inf' is not auto or a number above 0 and below 1");
        Add("A unit of users", RolloutText.Top("analysis: { unit: user }"),
            "5:19: analysis.unit: 'user' is not one of request, key");
        Add("An outcome deadline of a day", RolloutText.Top("analysis: { outcome_deadline: 1d }"),
            "5:31: analysis.outcome_deadline: '1d' is outside 1s to 1h");
        Add("A holdback of most", RolloutText.Top("analysis: { holdback: 60% }"),
            "5:23: analysis.holdback: 60 % is held back: write 0 to 50%, or roll out less");
        Add("A negative number of fast failures", RolloutText.Top("analysis: { fast_failures: -1 }"),
            "5:28: analysis.fast_failures: '-1' is not a whole number of 0 to 1000");
        Add("Two probes", RolloutText.Top("health: { path: /healthz, tcp: true }"),
            "5:9: health: two probes stand here: keep one of path, tcp and command");
        Add("No probe at all", RolloutText.Top("health: { tcp: false }"),
            "5:16: health.tcp: tcp can only be asked for: write tcp: true, or a path or command instead");
        Add("A probe of a URL", RolloutText.Top("health: { path: http://h/healthz }"),
            "5:17: health.path: 'http://h/healthz' is not a path: write one that starts with '/', such as /healthz");
        Add("A probe on another host", RolloutText.Top("health: { path: //h/healthz }"),
            "5:17: health.path: '//h/healthz' is not a path: write one that starts with '/', such as /healthz");
        Add("An empty command", RolloutText.Top("health: { command: [] }"),
            "5:20: health.command: the list is empty: write [ PROGRAM, ARGUMENT ]");
        Add("A command that is a line", RolloutText.Top("health: { command: /bin/true }"),
            "5:20: health.command: '/bin/true' stands here: write a list such as [ PROGRAM, ARGUMENT ]");
        Add("A probe too often", RolloutText.Top("health: { path: /healthz, interval: 1ms }"),
            "5:37: health.interval: '1ms' is outside 100ms to 10m");
        Add("Unhealthy after none", RolloutText.Top("health: { path: /healthz, unhealthy_after: 0 }"),
            "5:44: health.unhealthy_after: '0' is not a whole number of 1 to 100");
        Add("An unknown consequence of illness", RolloutText.Top("health: { path: /healthz, on_unhealthy: restart }"),
            "5:41: health.on_unhealthy: 'restart' is not one of pause, rollback, ignore");
        Add("A bad probe of one version", RolloutText.Canary("version: v2, url: \"http://h\", health: { path: ready }"),
            "3:57: canary.health.path: 'ready' is not a path: write one that starts with '/', such as /healthz");
    }
}
