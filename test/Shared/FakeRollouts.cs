using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Server.Controller;
using AgentCanary.Spec;

namespace AgentCanary.Testing;

/// <summary>Rollouts that obey at once, written by hand for tests of the edges: no evidence, no time, no store that could fail unless told so.</summary>
public sealed class FakeRollouts : IRollouts, IRolloutStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, RolloutSnapshot> _snapshots = new(StringComparer.Ordinal);
    private readonly List<RolloutEvent> _events = [];
    private readonly ConcurrentDictionary<Channel<RolloutNews>, byte> _readers = new();

    public static DateTimeOffset Noon { get; } = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Gets what was asked and answered, in order: nothing that a test changes afterwards comes before it.</summary>
    public ConcurrentQueue<RolloutCommand> Asked { get; } = new();

    /// <summary>Gets or sets whether the store refuses to keep anything.</summary>
    public bool IsDiskFull { get; set; }

    public int Readers => _readers.Count;

    public ImmutableArray<RolloutSnapshot> Snapshots
    {
        get
        {
            lock (_gate) return [.. _snapshots.Values];
        }
    }

    public static RolloutSpec Spec(string agent = "support-agent", string canary = "v1.1.0", int stages = 4) => new()
    {
        Agent = agent,
        Stable = new("v1.0.0"),
        Canary = new(canary),
        Stages = [.. Enumerable.Range(1, stages).Select(n => new Stage(Weight.FromPercent(n == stages ? 100 : 5 * n)) { Name = n == stages ? "full" : $"stage-{n - 1}" })],
    };

    /// <summary>Writes a rollout file that is accepted.</summary>
    public static string File(string agent = "support-agent", string canary = "v1.1.0", int stages = 3) => string.Join('\n',
    [
        $"agent: {agent}", "stable: { version: v1.0.0, url: http://127.0.0.1:9101 }", $"canary: {{ version: {canary}, url: http://127.0.0.1:9102 }}", "stages:",
        .. Enumerable.Range(1, stages).Select(n => $"  - {{ name: s{n}, weight: {(n == stages ? 100 : 5 * n)}% }}"), "",
    ]);

    public static RolloutSnapshot Snapshot(RolloutState state, bool isDurable = true) => new(
        state, new Decision.Hold("needs 31 more canary requests"), new AnalysisResult { Reason = "not enough requests" }, ArmStatus.Empty, ArmStatus.Empty, isDurable, 0);

    public FakeRollouts With(RolloutSnapshot snapshot)
    {
        lock (_gate)
        {
            _snapshots[snapshot.State.Agent] = snapshot;
            _events.Add(Event(snapshot.State, "created", "cli", "applied", snapshot.State.Stage));
        }
        return this;
    }

    public RolloutSnapshot? Find(string agent)
    {
        lock (_gate) return _snapshots.GetValueOrDefault(agent);
    }

    public ValueTask<CommandResult> CommandAsync(string agent, RolloutCommand command, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Asked.Enqueue(command);
            if (!_snapshots.TryGetValue(agent, out var before)) return new(new CommandResult(CommandStatus.NotFound, null, "no rollout"));
            if (command.Revision is { } revision && revision != before.State.Revision)
                return new(new CommandResult(CommandStatus.Stale, before, $"the rollout is at revision {before.State.Revision}, not {revision}"));
            if (Next(before.State, command) is not var (next, type)) return new(new CommandResult(CommandStatus.Refused, before, $"{command.Name} is not allowed while the rollout is {before.State.Phase}"));
            if (IsDiskFull && command is not RolloutCommand.Rollback) return new(new CommandResult(CommandStatus.NotStored, before, "the disk is full: nothing changed"));
            var after = Publish(before.State, next with { Reason = command.Reason }, type, command.Actor, isDurable: !IsDiskFull);
            return new(IsDiskFull
                ? new CommandResult(CommandStatus.NotStored, after, "stable serves everybody, but the disk is full and the rollback is not kept yet")
                : new CommandResult(CommandStatus.Done, after, type));
        }
    }

    public ValueTask<CommandResult> ApplyAsync(RolloutSpec spec, bool supersede, string actor, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (IsDiskFull) return new(new CommandResult(CommandStatus.NotStored, Find(spec.Agent), "the disk is full: nothing changed"));
            var known = Find(spec.Agent)?.State;
            if (known is not null && known.Spec.Canary.Version == spec.Canary.Version && !supersede && known.Spec.Stages.Length != spec.Stages.Length)
                return new(new CommandResult(CommandStatus.Refused, Find(spec.Agent), "the same versions with other stages are already running: use --supersede"));
            if (known is not null && known.Spec.Canary.Version == spec.Canary.Version && !supersede) return new(new CommandResult(CommandStatus.Done, Find(spec.Agent), "goes on"));
            var next = new RolloutState
            {
                Spec = spec, Phase = Phase.Progressing, StageEnteredAt = Noon, Revision = (known?.Revision ?? 0) + 1, Attempt = supersede ? (known?.Attempt ?? 0) + 1 : 1,
            };
            return new(new CommandResult(CommandStatus.Done, Publish(known ?? next, next, supersede ? "superseded" : "created", actor, true), "started"));
        }
    }

    /// <summary>Changes a rollout as its controller would.</summary>
    public void Change(string agent, Func<RolloutState, RolloutState> change, string type)
    {
        lock (_gate)
        {
            var before = _snapshots[agent].State;
            Publish(before, change(before) with { Revision = before.Revision + 1 }, type, "controller", true);
        }
    }

    /// <summary>Makes a rollout durable, as the controller does once its store keeps things again.</summary>
    public void Keep(string agent)
    {
        lock (_gate) _snapshots[agent] = _snapshots[agent] with { IsDurable = true };
    }

    public async IAsyncEnumerable<RolloutNews> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<RolloutNews>();
        _readers[channel] = 0;
        try
        {
            await foreach (var news in channel.Reader.ReadAllAsync(cancellationToken)) yield return news;
        }
        finally
        {
            _readers.TryRemove(channel, out _);
        }
    }

    public ValueTask<ImmutableArray<RolloutEvent>> ReadEventsAsync(string agent, long afterRevision, int limit, CancellationToken cancellationToken)
    {
        if (IsDiskFull) throw new StoreUnavailableException("The store 'x.db' cannot be read: the disk is full. Free some space.");
        lock (_gate) return new([.. _events.Where(written => written.Agent == agent && written.Revision > afterRevision).Take(limit)]);
    }

    public ValueTask<ImmutableArray<RolloutState>> ReadAllAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<RolloutState?> FindAsync(string agent, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<RolloutEvent> WriteAsync(RolloutState next, RolloutEvent @event, EvidenceRow? evidence, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask WriteEvidenceAsync(ImmutableArray<EvidenceRow> rows, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<EvidenceRow?> FindEvidenceAsync(string agent, int attempt, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long?> VerifyAsync(string agent, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static (RolloutState Next, string Type)? Next(RolloutState state, RolloutCommand command) => (command, state) switch
    {
        (RolloutCommand.Rollback, { IsTerminal: false }) => (Step(state) with { Phase = Phase.RolledBack, Pause = PauseReason.None }, "rolled_back"),
        (RolloutCommand.Pause, { Phase: Phase.Progressing }) => (Step(state) with { Phase = Phase.Paused, Pause = PauseReason.Person }, "paused"),
        (RolloutCommand.Resume, { Phase: Phase.Paused }) => (Step(state) with { Phase = Phase.Progressing, Pause = PauseReason.None }, "resumed"),
        (RolloutCommand.Approve, { Pause: PauseReason.Approval }) => (Step(state) with { Phase = Phase.Progressing, Pause = PauseReason.None, Approved = true }, "approved"),
        (RolloutCommand.Promote { Full: true }, { IsTerminal: false }) => (Step(state) with { Phase = Phase.Completed, Stage = state.Spec.Stages.Length - 1 }, "completed"),
        (RolloutCommand.Promote, { IsTerminal: false }) when state.Stage == state.Spec.Stages.Length - 1 => (Step(state) with { Phase = Phase.Completed }, "completed"),
        (RolloutCommand.Promote, { IsTerminal: false }) => (Step(state) with { Stage = state.Stage + 1 }, "stage_entered"),
        (RolloutCommand.Retry, { Phase: Phase.RolledBack }) => (Step(state) with { Phase = Phase.Progressing, Stage = 0, Attempt = state.Attempt + 1 }, "retried"),
        _ => null,
    };

    private static RolloutState Step(RolloutState state) => state with { Revision = state.Revision + 1 };

    private static RolloutEvent Event(RolloutState state, string type, string actor, string reason, int fromStage) => new()
    {
        Agent = state.Agent, Revision = state.Revision, At = Noon.AddMinutes(state.Revision), Type = type, Actor = actor, Reason = reason,
        Attempt = state.Attempt, FromStage = fromStage, ToStage = state.Stage, Hash = $"{state.Revision:x64}",
    };

    private RolloutSnapshot Publish(RolloutState before, RolloutState next, string type, string actor, bool isDurable)
    {
        var snapshot = Snapshot(next, isDurable);
        var written = Event(next, type, actor, next.Reason, before.Stage);
        _snapshots[next.Agent] = snapshot;
        _events.Add(written);
        foreach (var reader in _readers.Keys) reader.Writer.TryWrite(new(snapshot, written));
        return snapshot;
    }
}
