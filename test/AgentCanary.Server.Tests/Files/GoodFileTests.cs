using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Server.Tests.Files;

public sealed class GoodFileTests
{
    [Fact]
    public void The_smallest_file_has_the_defaults_that_are_promised()
    {
        var spec = Reading.Accepted(RolloutText.Minimal);
        Assert.Equal(("a", "v1", "v2", "http://127.0.0.1:2"), (spec.Agent, spec.Stable.Version, spec.Canary.Version, spec.Canary.Url));
        Assert.Equal(("header:x-user-id", StickyHashKind.Xxh64), (Assert.Single(spec.Sticky.Key), spec.Sticky.Hash));
        Assert.Equal(("auto", RescueMode.Connect, PinsOnRollback.Release), (spec.Protocol, spec.Rescue, spec.PinsOnRollback));
        Assert.Equal(new AnalysisSpec(), spec.Analysis);
        Assert.Null(spec.Health);
        var stage = Assert.Single(spec.Stages);
        Assert.Equal(new Stage(Weight.Full) { Name = "stage-0" }, stage);
        Assert.True(stage.Checks.IsDefault);
    }

    [Theory]
    [InlineData("cohorts: { internal: { header:x-user-group: { in: [ staff, qa ] } } }\nexclude: [ vip ]\n")]
    [InlineData("exclude: [ vip ]\n")]
    public void A_cohort_that_is_excluded_and_not_defined_is_nobody_and_the_file_is_told_so(string text)
    {
        var spec = Reading.Accepted(RolloutText.Minimal + text);
        Assert.Equal("vip", Assert.Single(spec.Exclude));
        Assert.Equal("exclude: no cohort 'vip' is defined, so nobody is excluded by it: define it under cohorts, or take it out", Assert.Single(SpecWarnings.Of(spec)));
    }

    [Theory]
    [InlineData("5%", 500)]
    [InlineData("5 %", 500)]
    [InlineData("\"5%\"", 500)]
    [InlineData("0.25%", 25)]
    [InlineData("0.05", 500)]
    [InlineData(".05", 500)]
    [InlineData("5e-2", 500)]
    [InlineData("500bp", 500)]
    [InlineData("0", 0)]
    [InlineData("1", 10_000)]
    [InlineData("1.0", 10_000)]
    [InlineData("100%", 10_000)]
    [InlineData("10000bp", 10_000)]
    [InlineData("33.333%", 3_333)]
    [InlineData("0.01%", 1)]
    public void A_weight_is_written_in_per_cent_as_a_fraction_or_in_basis_points(string text, int points) =>
        Assert.Equal(points, Reading.Accepted(RolloutText.Stage($"weight: {text}")).Stages[0].Weight.BasisPoints);

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("10m", 600_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("0s", 0)]
    [InlineData("0", 0)]
    public void A_duration_is_a_number_and_a_unit(string text, double milliseconds) =>
        Assert.Equal(milliseconds, Reading.Accepted(RolloutText.Stage($"weight: 5%, bake: {text}")).Stages[0].BakeTime.TotalMilliseconds);

    [Theory]
    [InlineData("before-first-byte", null)]
    [InlineData("{ when: before-first-byte }", null)]
    [InlineData("{ when: before-first-byte, routes: [] }", "")]
    [InlineData("{ when: before-first-byte, routes: [ /chat, /search/* ] }", "/chat /search/*")]
    public void A_rescue_of_what_was_sent_is_one_word_or_names_its_routes(string rescue, string? routes)
    {
        var spec = Reading.Accepted(RolloutText.Top($"rescue: {rescue}"));
        Assert.Equal((RescueMode.BeforeFirstByte, routes), (spec.Rescue, spec.RescueRoutes.IsDefault ? null : string.Join(' ', spec.RescueRoutes)));
    }

    [Fact]
    public void What_a_shadow_may_be_shown_binds_as_it_is_written()
    {
        var spec = Reading.Accepted("agent: a\nstable: { version: v1, url: http://127.0.0.1:1 }\ncanary: { version: v2, url: http://127.0.0.1:2 }\n"
            + "stages: [ { weight: 0, shadow: 20% }, { weight: 100% } ]\nshadow: { safe: [ /v1/chat/completions, /search/* ], forward: [ Authorization ], keep: 50, keep_for: 2h }\n");
        Assert.Equal(2_000, spec.Stages[0].Shadow.BasisPoints);
        Assert.Equal("/v1/chat/completions /search/*", string.Join(' ', spec.Shadow!.Safe));
        Assert.Equal("authorization", Assert.Single(spec.Shadow.Forward));
        Assert.Equal(ShadowBudget.Standard, spec.Shadow.Budget);
        Assert.Equal((50, 2), (spec.Shadow.Keep, spec.Shadow.KeepFor.TotalHours));
    }

    [Fact]
    public void A_judge_needs_an_address_and_has_bounds_that_the_file_may_change()
    {
        var usual = Reading.Accepted(RolloutText.Top("shadow: { judge: { url: \"http://127.0.0.1:9/pairs\" } }")).Shadow!.Judge;
        Assert.Equal(new JudgeSpec("http://127.0.0.1:9/pairs") { Sample = Weight.Full, PerHour = 100, Timeout = TimeSpan.FromSeconds(30), Headers = usual!.Headers }, usual);
        var own = Reading.Accepted(RolloutText.Top("shadow: { judge: { url: \"https://api.example.com/v1/chat/completions\", model: gpt-x, instruction: Short is better., "
            + "headers: { authorization: \"env:JUDGE_KEY\" }, sample: 10%, per_hour: 20, timeout: 5s } }")).Shadow!.Judge!;
        Assert.Equal(("gpt-x", "Short is better.", "env:JUDGE_KEY", 1_000, 20, 5), (own.Model, own.Instruction, own.Headers["Authorization"], own.Sample.BasisPoints, own.PerHour, own.Timeout.TotalSeconds));
    }

    [Theory]
    [InlineData("{ requests: 20000 }", 20_000L, null, null)]
    [InlineData("{ tokens: 2000000, cost: 5.00 }", 1_000L, 2_000_000L, 5.0)]
    public void A_shadows_budget_keeps_a_thousand_requests_an_hour_unless_it_names_others(string budget, long requests, long? tokens, double? cost) => Assert.Equal(
        new ShadowBudget { Requests = requests, Tokens = tokens, Cost = cost },
        Reading.Accepted(RolloutText.Top($"shadow: {{ budget: {budget} }}\nprices: {{ gpt-x: {{ input: 1, output: 1 }} }}")).Shadow!.Budget);

    [Fact]
    public void What_goes_through_a_cache_costs_what_other_input_does_unless_the_file_says_so()
    {
        var prices = Reading.Accepted(RolloutText.Top("prices:\n  gpt-x: { input: 2.50, output: 10 }\n  \"claude-*\": { input: 3, output: 15, cached: 0.30, cache_write: 3.75 }")).Prices;
        Assert.Equal<ModelPrice>([new ModelPrice("gpt-x", 2.5, 10, 2.5, 2.5), new ModelPrice("claude-*", 3, 15, 0.3, 3.75)], [.. prices]);
    }

    [Fact]
    public void Stages_in_minutes_and_fractions_bind_as_they_are_written()
    {
        var stages = Reading.Accepted(Samples.Read("canary-stages.yaml")).Stages;
        Assert.Equal(
            [("initial", 500, 30, 50, true, 2), ("low_traffic", 1_500, 60, 200, true, 3), ("medium_traffic", 5_000, 120, 1_000, true, 3),
                ("full_rollout", 10_000, 0, 50, false, 0)],
            stages.Select(stage => (stage.Name, stage.Weight.BasisPoints, stage.BakeTime.TotalMinutes, stage.MinRequests,
                stage.AutoRollback, stage.Checks.Length)));
        Assert.Equal("task_completion_regression < 0.02", stages[2].Checks[1].Text);
        Assert.False(stages[3].Checks.IsDefault);
    }

    [Fact]
    public void Every_key_of_the_full_sample_arrives_in_the_rollout()
    {
        var spec = Reading.Accepted(Samples.Read("full.yaml"));
        Assert.Equal("header:x-user-id cookie:uid body:$.user", string.Join(' ', spec.Sticky.Key));
        Assert.Equal("env:CANARY_AUTHORIZATION", spec.Canary.Headers["Authorization"]);
        Assert.Equal(("\"gpt-x\"", "0.2"), (spec.Canary.Set["model"], spec.Canary.Set["temperature"]));
        Assert.Equal("agents.example.com", spec.Host);
        Assert.Equal("vip", Assert.Single(spec.Exclude));
        Assert.Equal(("header:x-user-group", CohortMatch.In), (spec.Cohorts[0].Rules[0].Attribute, spec.Cohorts[0].Rules[0].Match));
        Assert.Equal("staff qa", string.Join(' ', spec.Cohorts[0].Rules[0].Values));
        var initial = spec.Stages[1];
        Assert.Equal((20, TimeSpan.FromHours(6), OnDeadline.Pause, false),
            (initial.MinUsers, initial.Deadline, initial.OnDeadline, initial.Approval));
        Assert.Equal((0.01, OnFail.Hold, NoData.Pass), (initial.Checks[6].MaxRate, initial.Checks[7].OnFail, initial.Checks[7].NoData));
        Assert.True(spec.Stages[2].Approval);
    }

    [Fact]
    public void A_probe_of_one_version_keeps_the_terms_that_it_does_not_name()
    {
        var spec = Reading.Accepted(RolloutText.Canary("version: v2, url: \"http://h\", health: { tcp: true, interval: 1s }")
            + "health: { path: /healthz, on_unhealthy: rollback, unhealthy_after: 5 }");
        Assert.Equal(
            new HealthSpec { Path = null, Interval = TimeSpan.FromSeconds(1), OnUnhealthy = OnUnhealthy.RollBack, UnhealthyAfter = 5 },
            spec.Canary.Health);
        Assert.Equal("/healthz", spec.Health!.Path);
        Assert.Null(spec.Stable.Health);
    }

    [Theory]
    [InlineData("path: /healthz?full=1", "/healthz?full=1", "")]
    [InlineData("tcp: true", null, "")]
    [InlineData("command: [ /bin/probe, --fast ]", null, "/bin/probe --fast")]
    [InlineData("interval: 1s", null, "")]
    public void A_probe_is_a_path_a_connect_or_a_command(string probe, string? path, string command)
    {
        var health = Reading.Accepted(RolloutText.Top($"health: {{ {probe} }}")).Health!;
        Assert.Equal((path, command), (health.Path, string.Join(' ', health.Command)));
    }

    [Theory]
    [InlineData("sticky: random", "")]
    [InlineData("sticky: { hash: md5 }", "header:x-user-id")]
    [InlineData("sticky: { key: header:X-Session }", "header:x-session")]
    [InlineData("sticky: { key: [ \"body:$.metadata.user_id\", cookie:UID ] }", "body:$.metadata.user_id cookie:UID")]
    public void Sticky_keys_come_from_headers_cookies_and_bodies_or_nowhere(string sticky, string keys) =>
        Assert.Equal(keys, string.Join(' ', Reading.Accepted(RolloutText.Top(sticky)).Sticky.Key));

    [Fact]
    public void A_cohort_may_ask_for_several_things()
    {
        var cohort = Reading.Accepted(RolloutText.Top(
            "cohorts:\n  b: { header:X-Plan: { prefix: pro-, suffix: -eu }, cookie:beta: { present: true }, header:a: { exact: \"1\" } }"))
            .Cohorts[0];
        Assert.Equal(
            ["header:x-plan Prefix pro-", "header:x-plan Suffix -eu", "cookie:beta Present ", "header:a Exact 1"],
            cohort.Rules.Select(rule => $"{rule.Attribute} {rule.Match} {string.Join(',', rule.Values)}"));
    }

    [Theory]
    [InlineData("gpt-x", "\"gpt-x\"")]
    [InlineData("5", "5")]
    [InlineData("-1.5e3", "-1.5e3")]
    [InlineData("\"5\"", "\"5\"")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    [InlineData("", "null")]
    [InlineData("no", "\"no\"")]
    [InlineData("v1.2.3", "\"v1.2.3\"")]
    [InlineData("[ 1, a, { b: false } ]", "[1,\"a\",{\"b\":false}]")]
    [InlineData("\"a \\\"quoted\\\" line\\n\"", "\"a \\u0022quoted\\u0022 line\\n\"")]
    public void A_body_field_keeps_its_kind(string yaml, string json) =>
        Assert.Equal(
            json, Reading.Accepted(RolloutText.Canary($"version: v2, url: \"http://h\", set: {{ field: {yaml} }}")).Canary.Set["field"]);

    [Fact]
    public void Json_says_the_same_as_yaml()
    {
        const string Json = """
            {"agent":"a","stable":{"version":"v1","url":"http://127.0.0.1:1"},"canary":{"version":"v2",
            "url":"http://127.0.0.1:2"},"stages":[{"weight":1}]}
            """;
        var (json, yaml) = (Reading.Accepted(Json), Reading.Accepted(RolloutText.Minimal));
        Assert.Equal(
            (yaml.Agent, yaml.Stable.Url, yaml.Canary.Url, yaml.Stages[0]), (json.Agent, json.Stable.Url, json.Canary.Url, json.Stages[0]));
    }

    [Fact]
    public void A_file_of_several_documents_is_several_rollouts_and_empty_documents_are_none()
    {
        var result = Reading.Of($"---\n{RolloutText.Minimal}---\nagent: b\nhost: B.example\n{RolloutText.AfterAgent}---\n");
        Assert.Equal(["a", "b"], result.Specs.Select(spec => spec.Agent));
        Assert.Equal("b.example", result.Specs[1].Host);
    }

    [Fact]
    public void A_byte_order_mark_and_the_line_ends_of_other_systems_are_accepted() =>
        Assert.Equal("a", Reading.Accepted("\uFEFF" + RolloutText.Minimal.Replace("\n", "\r\n", StringComparison.Ordinal)).Agent);

    [Theory]
    [InlineData("analysis: { warm_up: 45s }")]
    [InlineData("analysis: { mode: point, promotion: observed, margin: 0.05, unit: request, holdback: 5% }")]
    [InlineData("pins: { ttl: 1d, on_rollback: release }")]
    [InlineData("pins: { ttl: 1m, on_rollback: drain }")]
    [InlineData("pins: { on_rollback: cut }")]
    [InlineData("notify: []")]
    [InlineData("hooks: {}")]
    [InlineData("rescue: off")]
    [InlineData("protocol: none")]
    public void What_changes_nothing_that_is_missing_is_accepted(string top) => Reading.Accepted(RolloutText.Top(top));

    [Fact]
    public void Weights_may_fall_between_stages_of_different_cohorts() =>
        Assert.Equal(3, Reading.Accepted(RolloutText.Stages("cohorts: { qa: { header:g: { exact: qa } } }\n"
            + "stages: [ { weight: 100%, cohorts: [ qa ] }, { weight: 5% }, { weight: 100% } ]")).Stages.Length);

    [Fact]
    public void Every_sample_is_accepted_without_a_warning() => Assert.All(Samples.All, file => Assert.Empty(SpecWarnings.Of(Reading.Accepted(File.ReadAllText(file)))));

    [Theory, InlineData("{ safe: [ /a ] }", null), InlineData("{ ignore: [] }", ""), InlineData("{ ignore: [ $.id, $.a.b ] }", "id a.b")]
    public void What_never_agrees_is_left_out_until_the_file_says_what_is_and_nothing_where_the_list_is_empty(string shadow, string? members)
    {
        var spec = Reading.Accepted(RolloutText.Minimal + $"\nshadow: {shadow}\n");
        foreach (var ignore in new[] { spec.Shadow!.Agreement.Ignore, RolloutJson.ReadSpec(RolloutJson.Write(spec)).Shadow!.Agreement.Ignore })
            Assert.Equal(members, ignore.IsDefault ? null : string.Join(' ', ignore));
    }

    [Theory]
    [InlineData("shadow: 20%", "", "judges nothing: at weight 0"), InlineData("shadow: 20%, checks: []", "", "judges nothing: at weight 0")]
    [InlineData("shadow: 20%, checks: [ error_rate < 0.05 ]", "", "judges nothing: at weight 0"), InlineData("shadow: 20%, checks: [ shadow_agreement > 0.9 ]", "", null)]
    [InlineData("shadow: 20%, min_requests: 1000, checks: [ shadow_agreement > 0.9 ]", "", null)]
    [InlineData("shadow: 20%, min_requests: 1001, checks: [ shadow_agreement > 0.9 ]", "", "needs 1,001 compared answers (min_requests), and its shadow is sent at most 1,000 requests an hour")]
    [InlineData("shadow: 20%, checks: [ shadow_agreement > 0.9 ]", "shadow: { budget: { requests: 49 } }", "at most 49 requests an hour")]
    [InlineData("checks: [ error_rate < 0.05 ]", "", null)]
    public void A_shadow_stage_that_judges_nothing_or_has_too_small_a_budget_is_warned_of(string stage, string shadow, string? warning)
    {
        var warnings = SpecWarnings.Of(Reading.Accepted($"""
            agent: a
            stable: {"{"} version: v1, url: http://127.0.0.1:1 {"}"}
            canary: {"{"} version: v2, url: http://127.0.0.1:2 {"}"}
            stages:
              - {"{"} name: first, weight: 0, {stage} {"}"}
              - {"{"} name: full, weight: 100% {"}"}
            {shadow}
            """));
        if (warning is null) Assert.Empty(warnings);
        else Assert.Contains(warning, Assert.Single(warnings), StringComparison.Ordinal);
    }
}
