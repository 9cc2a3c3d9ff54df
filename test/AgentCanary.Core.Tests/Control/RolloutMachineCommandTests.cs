using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Control;

public class RolloutMachineCommandTests
{
    // Every pair of phase and command: the phase after it, or "refused".
    public static TheoryData<Phase, PauseReason, string, string> Pairs()
    {
        const string refused = "refused";
        var table = new (Phase Phase, PauseReason Pause, string[] Results)[]
        {
            //                                      start          pause     resume         promote        full         rollback      approve        retry      supersede  amend
            (Phase.Pending, PauseReason.None,      ["Progressing", refused,  refused,       refused,       refused,     "RolledBack", refused,       refused,   "Pending", "Pending"]),
            (Phase.Progressing, PauseReason.None,  [refused,       "Paused", refused,       "Progressing", "Completed", "RolledBack", "Progressing", refused,   "Pending", "Progressing"]),
            (Phase.Paused, PauseReason.Person,     [refused,       refused,  "Progressing", "Progressing", "Completed", "RolledBack", "Paused",      refused,   "Pending", "Paused"]),
            (Phase.Paused, PauseReason.Approval,   [refused,       refused,  refused,       "Progressing", "Completed", "RolledBack", "Progressing", refused,   "Pending", "Paused"]),
            (Phase.Paused, PauseReason.Deadline,   [refused,       refused,  "Progressing", "Progressing", "Completed", "RolledBack", "Paused",      refused,   "Pending", "Paused"]),
            (Phase.Paused, PauseReason.FailedCheck, [refused,      refused,  "Progressing", "Progressing", "Completed", "RolledBack", "Paused",      refused,   "Pending", "Paused"]),
            (Phase.Paused, PauseReason.Health,     [refused,       refused,  "Progressing", "Progressing", "Completed", "RolledBack", "Paused",      refused,   "Pending", "Paused"]),
            (Phase.Completed, PauseReason.None,    [refused,       refused,  refused,       refused,       refused,     refused,      refused,       "Pending", "Pending", "Completed"]),
            (Phase.RolledBack, PauseReason.None,   [refused,       refused,  refused,       refused,       refused,     refused,      refused,       "Pending", "Pending", "RolledBack"]),
        };
        var names = new[] { "start", "pause", "resume", "promote", "promote --full", "rollback", "approve", "retry", "supersede", "amend" };
        var data = new TheoryData<Phase, PauseReason, string, string>();
        foreach (var (phase, pause, results) in table)
        {
            for (var i = 0; i < names.Length; i++) data.Add(phase, pause, names[i], results[i]);
        }
        return data;
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Every_pair_of_phase_and_command_is_defined_and_an_illegal_one_changes_nothing(Phase phase, PauseReason pause, string name, string expected)
    {
        var state = Some.State(phase, pause: pause, spec: Some.With(stage => stage with { Approval = true }));
        var command = Named(name) is RolloutCommand.Supersede or RolloutCommand.Amend ? WithSpec(Named(name), state.Spec) : Named(name);

        var decision = RolloutMachine.Decide(state, Some.Open, command);
        var transition = RolloutMachine.After(state, decision, Some.Noon);

        Assert.Equal(expected == "refused", decision is Decision.Refuse);
        Assert.Equal(expected, transition?.Next.Phase.ToString() ?? "refused");
        Assert.Equal(expected == "refused" ? 7 : 8, transition?.Next.Revision ?? state.Revision);
    }

    [Fact]
    public void A_command_that_looked_at_an_older_revision_is_refused_with_the_present_one()
    {
        var decision = RolloutMachine.Decide(Some.State(Phase.Progressing), Some.Open, new RolloutCommand.Pause { Revision = 6 });
        var refusal = Assert.IsType<Decision.Refuse>(decision);
        Assert.True(refusal.IsStale);
        Assert.Contains("revision 7, not 6", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_persons_command_is_written_with_who_and_why()
    {
        var state = Some.State(Phase.Progressing);
        var command = new RolloutCommand.Rollback { Actor = "key:ops", Reason = "users complain", Revision = 7 };
        var transition = RolloutMachine.After(state, RolloutMachine.Decide(state, Some.Passed, command), Some.Noon);
        Assert.Equal(("rolled_back", "key:ops", "users complain", 8), (transition!.Event.Type, transition.Event.Actor, transition.Event.Reason, transition.Event.Revision));
    }

    [Fact]
    public void Whoever_promotes_while_a_check_fails_gets_the_rollback_instead() =>
        Assert.IsType<Decision.RollBack>(RolloutMachine.Decide(Some.State(Phase.Progressing), Some.Failed, new RolloutCommand.Promote(Full: true)));

    [Fact]
    public void A_retry_is_a_new_attempt_with_a_new_salt_at_the_first_stage()
    {
        var state = Some.State(Phase.RolledBack, stage: 2);
        var next = RolloutMachine.After(state, RolloutMachine.Decide(state, null, new RolloutCommand.Retry { Actor = "cli" }), Some.Noon)!.Next;
        Assert.Equal((2, 0, Phase.Pending), (next.Attempt, next.Stage, next.Phase));
        Assert.NotEqual(state.Salt, next.Salt);
    }

    [Fact]
    public void The_same_versions_with_other_stages_are_a_new_attempt_and_other_versions_a_first_one()
    {
        var state = Some.State(Phase.Progressing);
        Assert.Equal(2, Superseded(state, Some.Spec with { Stages = Some.Spec.Stages.RemoveAt(0) }).Attempt);
        Assert.Equal(1, Superseded(state, Some.Spec with { Canary = new("v1.2.0") }).Attempt);
    }

    [Fact]
    public void After_a_completed_rollout_the_canary_is_the_stable_version_of_the_next_one()
    {
        var state = Some.State(Phase.Completed, stage: 2);
        Assert.IsType<Decision.Refuse>(RolloutMachine.Decide(state, null, new RolloutCommand.Supersede(Some.Spec with { Canary = new("v1.2.0") })));
        Assert.IsType<Decision.Obey>(RolloutMachine.Decide(state, null, new RolloutCommand.Supersede(Some.Spec with { Stable = new("v1.1.0"), Canary = new("v1.2.0") })));
    }

    public static TheoryData<string, ShadowSpec?, bool> Shadows() => new()
    {
        { "keep", Shadow with { Keep = 0 }, true },
        { "keep_for", Shadow with { KeepFor = TimeSpan.FromHours(1) }, true },
        { "budget", Shadow with { Budget = new() { Requests = 5 } }, true },
        { "forward", Shadow with { Forward = ["authorization"] }, true },
        { "judge.headers", With(judge => judge with { Headers = judge.Headers.Add("x-key", "env:OTHER") }), true },
        { "judge.per_hour", With(judge => judge with { PerHour = 7 }), true },
        { "judge.timeout", With(judge => judge with { Timeout = TimeSpan.FromSeconds(7) }), true },
        { "safe", Shadow with { Safe = ["/other"] }, false },
        { "compare", Shadow with { Agreement = new() { Kind = AgreementKind.Exact } }, false },
        { "no judge", Shadow with { Judge = null }, false },
        { "judge.url", With(judge => judge with { Url = "https://other.example.com" }), false },
        { "judge.model", With(judge => judge with { Model = "gpt-4o" }), false },
        { "judge.sample", With(judge => judge with { Sample = Weight.FromPercent(10) }), false },
        { "no shadow", null, false },
    };

    [Theory, MemberData(nameof(Shadows))]
    public void What_a_shadow_may_take_and_what_is_kept_of_it_is_amended_and_what_its_agreement_means_is_not(string member, ShadowSpec? shadow, bool isAmended)
    {
        var state = Some.State(Phase.Progressing, spec: Some.Spec with { Shadow = Shadow });
        var decision = RolloutMachine.Decide(state, Some.Open, new RolloutCommand.Amend(state.Spec with { Shadow = shadow }));
        Assert.True(isAmended == decision is Decision.Obey, $"{member}: {decision.Reason}");
        Assert.Equal(isAmended ? shadow : null, RolloutMachine.After(state, decision, Some.Noon)?.Next.Spec.Shadow);
    }

    [Fact]
    public void A_file_that_says_nothing_of_its_shadow_is_one_that_keeps_nothing()
    {
        Assert.True(RolloutMachine.IsSamePlan(Some.Spec with { Shadow = new() { Keep = 50 } }, Some.Spec));
        Assert.True(RolloutMachine.IsSamePlan(Some.Spec, Some.Spec with { Shadow = new() { Keep = 50 } }));
    }

    private static ShadowSpec Shadow { get; } = new() { Safe = ["/chat"], Keep = 50, Judge = new("https://judge.example.com") };

    private static ShadowSpec With(Func<JudgeSpec, JudgeSpec> change) => Shadow with { Judge = change(Shadow.Judge!) };

    private static RolloutState Superseded(RolloutState state, RolloutSpec spec) =>
        RolloutMachine.After(state, RolloutMachine.Decide(state, null, new RolloutCommand.Supersede(spec)), Some.Noon)!.Next;

    private static RolloutCommand WithSpec(RolloutCommand command, RolloutSpec spec) =>
        command is RolloutCommand.Amend ? new RolloutCommand.Amend(spec) : new RolloutCommand.Supersede(spec);

    private static RolloutCommand Named(string name) => Some.Commands.Single(command => (command is RolloutCommand.Promote(true) ? "promote --full" : command.Name) == name);
}
