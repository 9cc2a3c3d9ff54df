using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Control;

namespace AgentCanary;

/// <summary>What to do with a rollout now, and why. Immutable and thread-safe.</summary>
/// <param name="Reason">The reason, a sentence for people.</param>
public abstract record Decision(string Reason)
{
    private readonly Deferred<string> _reason = Reason;

    /// <summary>Gets the reason, a sentence for people.</summary>
    public string Reason { get => _reason.Value; init => _reason = value; }

    /// <summary>Gets who decided: <c>controller</c>, <c>cli</c> or <c>key:ID</c>.</summary>
    public string Actor { get; init; } = "controller";

    /// <summary>Gets the checks that the decision rests on.</summary>
    public ImmutableArray<CheckResult> Evidence { get; init; } = [];

    /// <summary>Gets the name on the wire: <c>Hold</c>, <c>Promote</c>, <c>Complete</c> or <c>RollBack</c>.</summary>
    public string Name => this switch { Promote => nameof(Promote), Complete => nameof(Complete), RollBack => nameof(RollBack), _ => nameof(Hold) };

    /// <summary>Gets whether the decision can only lower the canary's share, so that it is served before it is written.</summary>
    public bool OnlyLowers => this is RollBack or Obey(RolloutCommand.Drained, _);

    internal Deferred<string> Because { get => _reason; init => _reason = value; }

    /// <summary>Stay where we are.</summary>
    /// <param name="Reason">What is missing, or what stands in the way.</param>
    public sealed record Hold(string Reason) : Decision(Reason)
    {
        /// <summary>Holds for a reason that is told when somebody asks.</summary>
        internal Hold(Deferred<string> because)
            : this("") => Because = because;

        /// <summary>Gets why the rollout stops moving by itself, or <see cref="PauseReason.None"/> where it goes on waiting.</summary>
        public PauseReason Pause { get; init; }

        /// <summary>Gets the finding that people should be told of, once in a stage.</summary>
        public Alert Alert { get; init; }

        /// <summary>Gets the change of a served model that people should be told of, once in an attempt; null where there is nothing new. It decides nothing.</summary>
        public ModelChange? Model { get; init; }
    }

    /// <summary>Go to a later stage.</summary>
    /// <param name="ToStage">The stage to enter, from 0.</param>
    /// <param name="Reason">What was shown.</param>
    public sealed record Promote(int ToStage, string Reason) : Decision(Reason);

    /// <summary>The last stage is passed: the canary serves everybody from now on.</summary>
    /// <param name="Reason">What was shown.</param>
    public sealed record Complete(string Reason) : Decision(Reason);

    /// <summary>Stable serves everybody from now on.</summary>
    /// <param name="Reason">What went wrong.</param>
    public sealed record RollBack(string Reason) : Decision(Reason)
    {
        /// <summary>Gets whether the evidence or the stage's terms say so, and not a person.</summary>
        internal bool IsJudged { get; init; }

        /// <summary>Gets whether the canary must not be used any more, not even to finish conversations: it is unsafe, dead, or fails every call.</summary>
        internal bool IsFinal { get; init; }

        /// <summary>Gets whether the canary is unsafe, so that what it has under way is cut at once.</summary>
        internal bool IsUnsafe { get; init; }
    }

    /// <summary>Do what was asked for: start, pause, resume, approve, retry or supersede.</summary>
    /// <param name="Command">The command.</param>
    /// <param name="Reason">Who asked, and why.</param>
    public sealed record Obey(RolloutCommand Command, string Reason) : Decision(Reason)
    {
        /// <summary>Gets whether the canary is unsafe, so that what drains on it is cut at once.</summary>
        internal bool IsUnsafe { get; init; }
    }

    /// <summary>Refuse a command; nothing changes.</summary>
    /// <param name="Reason">The rule that stands against it.</param>
    public sealed record Refuse(string Reason) : Decision(Reason)
    {
        /// <summary>Gets whether the asker looked at an older revision.</summary>
        public bool IsStale { get; init; }
    }
}
