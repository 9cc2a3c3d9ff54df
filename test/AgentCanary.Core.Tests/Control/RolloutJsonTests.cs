using System.Text;
using System.Text.Json.Nodes;
using AgentCanary.Control;
using AgentCanary.Spec;
using AgentCanary.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Control;

public sealed class RolloutJsonTests
{
    private const string Golden = """
        {"v":1,"revision":12,"attempt":2,"phase":"Paused","pause":"approval","stage":1,"stage_entered_at":"2026-03-01T12:00:00.25Z","approved":false,
        "deadline_served":true,"salt":"00000000000000ff","pepper":"0000000000000000","reason":"waits for a person","spec":{"agent":"a",
        "stable":{"version":"v1","headers":{},"set":{}},"canary":{"version":"v2","url":"http://h:1","headers":{"X-b":"1","x-a":"2"},"set":{"model":"\"x\""},
        "health":{"path":"/z","command":[],"interval_s":5,"unhealthy_after":3,"on_unhealthy":"rollback","rollback_after_s":60}},
        "sticky":{"key":["header:x-user-id"],"hash":"md5"},"protocol":"auto",
        "cohorts":[{"name":"staff","rules":[{"attribute":"header:x-group","match":"in","values":["a","b"]}]}],"exclude":["vip"],
        "stages":[{"name":"one","weight_bp":5,"bake_s":0.5,"min_requests":50,"min_users":1,"deadline_s":21600,"on_deadline":"promote","approval":true,
        "auto_rollback":true,"cohorts":["staff"],"shadow_bp":2000,"score_grace_s":0,"checks":[{"text":"p95_latency < 400ms","metric":"p95_latency",
        "kind":"latency_quantile","comparison":"own","operator":"<","threshold":400,"on_fail":"warn","no_data":"pass"}]},
        {"name":"two","weight_bp":10000,"bake_s":0,"min_requests":50,"min_users":1,"on_deadline":"pause","approval":false,"auto_rollback":true,"cohorts":[],
        "shadow_bp":0,"score_grace_s":0,"min_success_rate":0.99,"max_p95_s":0.4}],
        "analysis":{"mode":"sequential","alpha":0.01,"beta":0.05,"promotion_observed":false,"unit_is_key":false,"outcome_deadline_s":120,"warm_up_s":0,
        "holdback_bp":0,"fast_failures":10},"pin_ttl_s":86400,"pins_on_rollback":"drain","rescue":"before-first-byte"}}
        """;

    private static string OneLine => Golden.ReplaceLineEndings("");

    private static RolloutState GoldenState => new()
    {
        Revision = 12,
        Attempt = 2,
        Phase = Phase.Paused,
        Pause = PauseReason.Approval,
        Stage = 1,
        StageEnteredAt = new(2026, 3, 1, 14, 0, 0, 250, TimeSpan.FromHours(2)),
        DeadlineServed = true,
        Salt = 255,
        Reason = "waits for a person",
        Spec = new()
        {
            Agent = "a",
            Stable = new("v1"),
            Canary = new("v2")
            {
                Url = "http://h:1",
                Headers = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("x-a", "2").Add("X-b", "1"),
                Set = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("model", "\"x\""),
                Health = new() { Path = "/z", OnUnhealthy = OnUnhealthy.RollBack },
            },
            Sticky = new() { Hash = StickyHashKind.Md5 },
            Cohorts = [new("staff", [new("header:x-group", CohortMatch.In, ["a", "b"])])],
            Exclude = ["vip"],
            Stages =
            [
                new(new Weight(5))
                {
                    Name = "one", BakeTime = TimeSpan.FromMilliseconds(500), Deadline = TimeSpan.FromHours(6), OnDeadline = OnDeadline.Promote, Approval = true,
                    Cohorts = ["staff"], Shadow = new(2000), Checks = [Check.Parse("p95_latency < 400ms") with { OnFail = OnFail.Warn, NoData = NoData.Pass }],
                },
                new(Weight.Full) { Name = "two", MinSuccessRate = 0.99, MaxP95 = TimeSpan.FromMilliseconds(400) },
            ],
            Analysis = new() { Mode = AnalysisMode.Sequential },
            PinsOnRollback = PinsOnRollback.Drain,
            Rescue = RescueMode.BeforeFirstByte,
        },
    };

    [Fact]
    public void A_state_has_the_bytes_that_were_agreed_upon() => Assert.Equal(OneLine, Encoding.UTF8.GetString(RolloutJson.Write(GoldenState)));

    [Fact]
    public void The_agreed_bytes_are_read_as_the_state_they_stand_for() =>
        Assert.Equal(Anything.Describe(GoldenState), Anything.Describe(RolloutJson.ReadState(Encoding.UTF8.GetBytes(OneLine))));

    [Fact]
    public void Every_state_is_read_back_in_every_member() => Prop.ForAll<int>(seed =>
    {
        var state = Anything.Of<RolloutState>(seed);
        var json = RolloutJson.Write(state);
        var read = RolloutJson.ReadState(json);
        Assert.Equal(Anything.Describe(state), Anything.Describe(read));
        Assert.Equal(json, RolloutJson.Write(read));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_spec_is_read_back_in_every_member() => Prop.ForAll<int>(seed =>
    {
        var spec = Anything.Of<RolloutSpec>(seed);
        Assert.Equal(Anything.Describe(spec), Anything.Describe(RolloutJson.ReadSpec(RolloutJson.Write(spec))));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_event_is_read_back_in_every_member_but_its_hash() => Prop.ForAll<int>(seed =>
    {
        var @event = Anything.Of<RolloutEvent>(seed) with { Hash = "" };
        Assert.Equal(Anything.Describe(@event), Anything.Describe(RolloutJson.ReadEvent(RolloutJson.Write(@event))));
        Assert.Equal(RolloutJson.Write(@event), RolloutJson.Write(@event with { Hash = "abc" }));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_specs_have_the_same_terms_exactly_when_all_their_members_are_equal() => Prop.ForAll<int, int>((left, right) =>
    {
        var (one, other) = (Anything.Of<RolloutSpec>(left % 3), Anything.Of<RolloutSpec>(right % 3));
        Assert.Equal(Anything.Describe(one) == Anything.Describe(other), RolloutJson.SameTerms(one, other));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_stage_that_names_no_checks_differs_from_one_with_none()
    {
        RolloutSpec With(Stage stage) => Rollouts.Spec() with { Stages = [stage] };
        var (absent, none) = (With(new(Weight.Full)), With(new(Weight.Full) { Checks = [] }));

        Assert.False(RolloutJson.SameTerms(absent, none));
        Assert.True(RolloutJson.ReadSpec(RolloutJson.Write(absent)).Stages[0].Checks.IsDefault);
        Assert.True(RolloutJson.ReadSpec(RolloutJson.Write(none)).Stages[0].Checks.IsEmpty);
    }

    [Fact]
    public void Headers_have_one_order_whatever_order_they_were_kept_in()
    {
        RolloutSpec With(IComparer<string> order) => Rollouts.Spec() with
        {
            Canary = new("v2") { Headers = System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(order).Add("a", "1").Add("B", "2").Add("c", "3") },
        };
        Assert.True(RolloutJson.SameTerms(With(StringComparer.Ordinal), With(StringComparer.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Fields_of_a_later_version_are_ignored_wherever_they_stand()
    {
        var json = JsonNode.Parse(RolloutJson.Write(GoldenState))!;
        json["later"] = new JsonArray(1, "x");
        json["spec"]!["later"] = true;
        json["spec"]!["stages"]![0]!["later"] = new JsonObject { ["deep"] = 1 };
        Assert.Equal(Anything.Describe(GoldenState), Anything.Describe(RolloutJson.ReadState(Encoding.UTF8.GetBytes(json.ToJsonString()))));
    }

    [Fact]
    public void A_field_that_an_earlier_version_did_not_know_has_its_default()
    {
        var json = JsonNode.Parse(RolloutJson.Write(GoldenState))!;
        var stage = json["spec"]!["stages"]![0]!.AsObject();
        foreach (var name in stage.Select(field => field.Key).Where(name => name != "weight_bp").ToArray()) stage.Remove(name);
        foreach (var name in new[] { "sticky", "analysis", "protocol", "cohorts", "exclude", "pin_ttl_s", "pins_on_rollback", "rescue" }) json["spec"]!.AsObject().Remove(name);

        var read = RolloutJson.ReadState(Encoding.UTF8.GetBytes(json.ToJsonString())).Spec;

        Assert.Equal(Anything.Describe(new Stage(new Weight(5))), Anything.Describe(read.Stages[0]));
        var absent = new RolloutSpec { Agent = "a", Stable = read.Stable, Canary = read.Canary, Stages = read.Stages };
        Assert.Equal(Anything.Describe(absent), Anything.Describe(read));
    }

    [Theory]
    [InlineData("v")]
    [InlineData("revision")]
    [InlineData("attempt")]
    [InlineData("phase")]
    [InlineData("stage")]
    [InlineData("salt")]
    [InlineData("spec")]
    public void What_decides_who_gets_the_canary_has_no_default(string name)
    {
        var json = JsonNode.Parse(RolloutJson.Write(GoldenState))!.AsObject();
        json.Remove(name);
        var fault = Assert.Throws<FormatException>(() => RolloutJson.ReadState(Encoding.UTF8.GetBytes(json.ToJsonString())));
        Assert.Contains($"'state.{name}' is missing", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"v\":1", "\"v\":2", "'state' is of form 2")]
    [InlineData("\"v\":1", "\"v\":0", "'state' is of form 0")]
    [InlineData("\"Paused\"", "\"Frozen\"", "'state.phase' is 'Frozen', which this version does not know")]
    [InlineData("\"revision\":12", "\"revision\":\"12\"", "'state.revision' is not a whole number")]
    [InlineData("\"revision\":12", "\"revision\":1.5", "'state.revision' is not a whole number")]
    [InlineData("\"weight_bp\":5,", "\"weight_bp\":10001,", "'state.spec.stages.weight_bp' is not a weight")]
    [InlineData("\"bake_s\":0.5", "\"bake_s\":1e300", "'state.spec.stages.bake_s' is not a number of seconds")]
    [InlineData("\"bake_s\":0.5", "\"bake_s\":922337203686", "'state.spec.stages.bake_s' is not a duration")]
    [InlineData("\"00000000000000ff\"", "\"xyz\"", "'state.salt' is not a hexadecimal number")]
    [InlineData("\"deadline_served\":true", "\"deadline_served\":1", "'state.deadline_served' is not true or false")]
    [InlineData("2026-03-01T12:00:00.25Z", "soon", "'state.stage_entered_at' is not a time")]
    [InlineData("\"exclude\":[\"vip\"]", "\"exclude\":[7]", "'state.spec.exclude' is not text")]
    [InlineData("\"exclude\":[\"vip\"]", "\"exclude\":{}", "'state.spec.exclude' is not an array")]
    [InlineData("\"threshold\":400", "\"threshold\":\"much\"", "'state.spec.stages.checks.threshold' is not a number")]
    [InlineData("\"attempt\":2", "\"attempt\":2,\"attempt\":3", "'state' is no JSON of ours")]
    [InlineData("}}", "}", "'state' is no JSON of ours")]
    public void A_record_that_cannot_be_understood_is_refused_by_name(string from, string to, string message)
    {
        Assert.Contains(from, OneLine, StringComparison.Ordinal);
        var at = OneLine.LastIndexOf(from, StringComparison.Ordinal);
        var json = from == "}}" ? OneLine[..at] + to : OneLine.Replace(from, to, StringComparison.Ordinal);
        Assert.Contains(message, Assert.Throws<FormatException>(() => RolloutJson.ReadState(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_bring_down_the_reader() => Prop.ForAll<int, int, byte>((seed, where, bits) =>
    {
        var json = RolloutJson.Write(Anything.Of<RolloutState>(seed));
        json[(uint)(where * 7919) % json.Length] ^= bits;
        try
        {
            RolloutJson.ReadState(json);
        }
        catch (FormatException)
        {
        }
    }).QuickCheckThrowOnFailure();
}
