using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AgentCanary.Planning.Simulation;

/// <summary>One rollout in a made world, second by second, until it has ended or the time is over. Pure but for its own state; a request allocates nothing.</summary>
internal sealed class SimulatedRollout
{
    private readonly World _world;
    private readonly RolloutMethod _method;
    private readonly RequestStream _stream;
    private readonly PriorityQueue<PendingAnswer, double> _pending = new();
    private readonly SplitMix64 _extras = new(0);
    private readonly Score[] _stableScores;
    private readonly Score[] _canaryScores;
    private readonly bool _isCanaryWorse;
    private readonly ImmutableArray<TimeSpan>.Builder _entered = ImmutableArray.CreateBuilder<TimeSpan>();
    private double _stableRate;
    private double _canaryRate;
    private double _now;
    private long _requests;
    private long _failures;
    private long _extraFailures;
    private bool _wasWorse;

    private SimulatedRollout(World world, RolloutMethod method, RequestStream stream)
    {
        (_world, _method, _stream) = (world, method, stream);
        (_stableScores, _canaryScores) = (new Score[world.Stable.Scores.Length], new Score[world.Canary.Scores.Length]);
        _isCanaryWorse = world.Canary.IsWorseThan(world.Stable);
        _entered.Add(TimeSpan.Zero);
    }

    /// <summary>Runs a method through a world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="method">What moves the canary's weight.</param>
    /// <param name="stream">The requests.</param>
    /// <param name="length">When the time is over.</param>
    /// <param name="stopped">Asks to stop.</param>
    public static SimulatedRun Run(World world, RolloutMethod method, RequestStream stream, TimeSpan length, CancellationToken stopped)
    {
        var rollout = new SimulatedRollout(world, method, stream);
        for (var second = 0L; second < length.TotalSeconds && !method.IsOver; second++)
        {
            stopped.ThrowIfCancellationRequested();
            rollout.Live(second);
        }
        return rollout.Result();
    }

    private void Live(long second)
    {
        (_stableRate, _canaryRate) = _world.ErrorRates(second);
        _wasWorse |= _canaryRate > _stableRate + 1e-12 || (_isCanaryWorse && second >= _world.CanaryTurnsAt);
        while (!_method.IsOver)
        {
            var endsAt = _pending.TryPeek(out _, out var next) ? next : double.PositiveInfinity;
            if (Math.Min(endsAt, _stream.NextAt) >= second + 1) break;
            if (endsAt <= _stream.NextAt) Finish();
            else Start(_stream.Take());
        }
        if (_method.IsOver) return;
        _now = second + 1;
        _method.Judge(TimeSpan.FromSeconds(_now));
        Note();
    }

    private void Start(in MadeRequest request)
    {
        var assignment = _method.Begin(request, _world.ShareFactor);
        var model = _world.Model(assignment.Variant, request.At);
        var (stable, canary) = (_world.Personal(request.Proneness, _stableRate), _world.Personal(request.Proneness, _canaryRate));
        var outcome = model.Answer(request, assignment.Variant is Variant.Canary ? canary : stable);
        if (assignment.Variant is Variant.Canary)
        {
            _requests++;
            if (outcome.Class.IsFailure) _failures++;
            _extraFailures += (outcome.Class.IsFailure ? 1 : 0) - (_world.Stable.Fails(request, stable) ? 1 : 0);
        }
        _pending.Enqueue(new(assignment, outcome, model, request.Seed), request.At + outcome.Latency.GetValueOrDefault().TotalSeconds);
    }

    private void Finish()
    {
        _pending.TryDequeue(out var answer, out _now);
        _method.End(answer.Assignment, answer.Model.HasExtras && answer.Outcome.Class is { IsCounted: true, IsFailure: false } ? WithExtras(answer) : answer.Outcome, TimeSpan.FromSeconds(_now));
        Note();
    }

    // The buffer is used again: a method reads an outcome and does not keep it.
    private Outcome WithExtras(in PendingAnswer answer)
    {
        _extras.Restart(answer.Seed);
        var scores = ReferenceEquals(answer.Model, _world.Stable) ? _stableScores : _canaryScores;
        for (var i = 0; i < scores.Length; i++) scores[i] = answer.Model.Scores[i].Draw(_extras);
        return answer.Outcome with
        {
            Scores = ImmutableCollectionsMarshal.AsImmutableArray(scores),
            Tokens = (long?)answer.Model.Tokens?.Lognormal(_extras),
            Cost = answer.Model.Cost?.Lognormal(_extras),
        };
    }

    private void Note()
    {
        while (_entered.Count <= _method.Stage) _entered.Add(TimeSpan.FromSeconds(_now));
    }

    private SimulatedRun Result() => new()
    {
        Phase = _method.Phase,
        Time = TimeSpan.FromSeconds(_now),
        Entered = _entered.ToImmutable(),
        CanaryRequests = _requests,
        CanaryFailures = _failures,
        ExtraFailures = _extraFailures,
        WasWorse = _wasWorse,
    };
}
