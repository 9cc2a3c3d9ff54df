using AgentCanary.Control;
using AgentCanary.Server.Gateway;
using AgentCanary.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCanary.Server.Tests.Api;

public sealed class DecisionTests
{
    private static readonly DecisionIds Ids = new(new byte[32]);
    private static readonly RolloutState State = new() { Spec = FakeRollouts.Spec(), Phase = Phase.Progressing, Stage = 2, Revision = 9 };

    private static Assignment Split => new()
    {
        Version = "v1.1.0", Variant = Variant.Canary, Arm = Arm.Canary, Reason = AssignmentReason.Split, KeyHash = 1UL << 62, Attempt = 1, Stage = 0, Revision = 3, StartTick = 5,
    };

    private static async Task<TestAnswer> AskAsync(string id, RolloutState? state = null)
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts().With(FakeRollouts.Snapshot(state ?? State)), services => services.AddSingleton(Ids));
        using var client = new TestClient(host.Address);
        return await client.SendAsync("GET", $"/api/v1/decisions/{id}");
    }

    private static string Id(Assignment assignment) => Ids.Make(DecisionId.RolloutOf(FakeRollouts.Spec()), assignment, FakeRollouts.Noon);

    [Fact]
    public async Task A_decision_is_told_as_it_was_made_wherever_the_rollout_stands_now() => AssertJson.Equal("""
        {"agent":"support-agent","version":"v1.1.0","variant":"canary","arm":"canary","reason":"split","attempt":1,"stage":0,"stage_name":"stage-0","revision":3,
         "started_at":"2026-01-15T12:00:00Z","is_evidence":true,"is_rescue":false,
         "explanation":"'v1.1.0', the canary version, served: the caller's sticky key lies at 25 % of the key space, inside the canary's share of 5 %. That was in attempt 1, stage 1 'stage-0', at revision 3. The request, its late scores included, counts for the canary. The rollout is Progressing now, in stage 3 'stage-2' at 15 %."}
        """, (await AskAsync(Id(Split))).Body);

    [Theory]
    [InlineData(AssignmentReason.Forced, "asked for this version")]
    [InlineData(AssignmentReason.Unhealthy, "not ready or not healthy")]
    [InlineData(AssignmentReason.Excluded, "excluded")]
    [InlineData(AssignmentReason.NotEligible, "not in")]
    [InlineData(AssignmentReason.Pinned, "conversation")]
    public async Task Every_reason_has_its_sentence_and_what_is_outside_counts_for_nobody(AssignmentReason reason, string told)
    {
        var answer = await AskAsync(Id(Split with { Reason = reason, Arm = Arm.Outside }));

        Assert.Contains(told, answer.Body, StringComparison.Ordinal);
        Assert.Contains("counts for neither side", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"is_evidence\":false", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AssignmentReason.Split, "at 12.5 % of the key space, inside the canary's share of 15 %, but")]
    [InlineData(AssignmentReason.Unkeyed, "a random draw decided")]
    [InlineData(AssignmentReason.Pinned, "the conversation belonged to the canary, or")]
    public async Task A_rescued_answer_is_told_as_the_canarys_that_stable_gave(AssignmentReason reason, string told)
    {
        var rescued = Split with { Version = "v1.0.0", Variant = Variant.Stable, Arm = Arm.Outside, Reason = reason, KeyHash = 1UL << 61, Stage = 2, StartTick = -1 };
        var answer = await AskAsync(Ids.Make(DecisionId.RolloutOf(FakeRollouts.Spec()), rescued, FakeRollouts.Noon, isRescue: true));

        Assert.Contains(told, answer.Body, StringComparison.Ordinal);
        Assert.Contains(", but the canary failed or could not be reached, and stable answered in its place (rescue). ", answer.Body, StringComparison.Ordinal);
        Assert.Contains("counts for neither side", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"is_evidence\":false,\"is_rescue\":true", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_id_of_an_answer_that_the_other_version_gave_never_puts_the_key_on_the_wrong_side()
    {
        var answer = await AskAsync(Id(Split with { Version = "v1.0.0", Variant = Variant.Stable, Arm = Arm.Outside, StartTick = -1 }));

        Assert.Contains("inside the canary's share of 5 %, but the canary failed or did not know the conversation, and stable answered in its place.", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_of_a_warm_up_is_no_evidence() =>
        Assert.Contains("came during a warm-up", (await AskAsync(Id(Split with { StartTick = -2 }))).Body, StringComparison.Ordinal);

    [Fact]
    public async Task Another_attempt_or_another_rollout_is_told_as_over()
    {
        Assert.Contains("is in attempt 2 now", (await AskAsync(Id(Split), State with { Attempt = 2 })).Body, StringComparison.Ordinal);

        var replaced = await AskAsync(Id(Split), State with { Spec = FakeRollouts.Spec(canary: "v9") });
        Assert.Contains("\"agent\":null,\"version\":null,\"variant\":\"canary\"", replaced.Body, StringComparison.Ordinal);
        Assert.Contains("has been replaced since", replaced.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_this_server_did_not_make_is_unknown()
    {
        var id = Id(Split);
        foreach (var wrong in (string[])["nonsense", id[..^1], id[..^1] + (id[^1] == 'A' ? 'E' : 'A'), new DecisionIds([.. Enumerable.Repeat((byte)1, 32)]).Make(1, Split, FakeRollouts.Noon)])
        {
            var answer = await AskAsync(wrong);
            Assert.Equal(404, (int)answer.Status);
            Assert.Contains("urn:agentcanary:problem:unknown-decision", answer.Body, StringComparison.Ordinal);
        }
    }
}
