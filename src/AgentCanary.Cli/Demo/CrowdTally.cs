namespace AgentCanary.Cli.Demo;

/// <summary>Counts what the users see. Thread-safe.</summary>
internal sealed class CrowdTally(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _onCanary = [];
    private CrowdFigures _figures = new();
    private bool _isOver;

    public CrowdFigures Figures
    {
        get
        {
            lock (_lock) return _figures;
        }
    }

    /// <summary>Gets whether the rollout has ended, which a request asks when it begins.</summary>
    public bool IsOver
    {
        get
        {
            lock (_lock) return _isOver;
        }
    }

    /// <summary>Says that the rollout has ended: requests that begin from now on are its aftermath.</summary>
    public void End()
    {
        lock (_lock) _isOver = true;
    }

    /// <param name="user">Who asked.</param>
    /// <param name="answer">What came back.</param>
    /// <param name="isAfter">Whether the request began after the end.</param>
    public void Add(string user, UserAnswer answer, bool isAfter)
    {
        lock (_lock)
        {
            _figures = answer.Version switch
            {
                DemoTerms.StableVersion => _figures with { Stable = _figures.Stable.Plus(answer), StableAfter = _figures.StableAfter + (isAfter ? 1 : 0) },
                DemoTerms.CanaryVersion => _figures with { Canary = _figures.Canary.Plus(answer), CanaryAfter = _figures.CanaryAfter + (isAfter ? 1 : 0) },
                _ => _figures with { Nobody = _figures.Nobody.Plus(answer) },
            };
            Follow(user, answer);
        }
    }

    /// <summary>Adds thumbs that came.</summary>
    public void Add(IEnumerable<Thumb> thumbs)
    {
        lock (_lock)
        {
            foreach (var thumb in thumbs) _figures = With(thumb);
        }
    }

    private CrowdFigures With(Thumb thumb) => thumb.Version is DemoTerms.CanaryVersion
        ? _figures with { Canary = _figures.Canary.Plus(thumb), FirstThumb = _figures.FirstThumb ?? time.GetUtcNow() }
        : _figures with { Stable = _figures.Stable.Plus(thumb) };

    private void Follow(string user, UserAnswer answer)
    {
        if (answer.Version == DemoTerms.CanaryVersion)
        {
            _onCanary.Add(user);
            if (answer.Kind is AnswerKind.Withheld) _figures = _figures with { FirstWithheld = _figures.FirstWithheld ?? time.GetUtcNow() };
        }
        else if (!_isOver && answer.Version == DemoTerms.StableVersion && _onCanary.Remove(user))
        {
            _figures = _figures with { Moved = _figures.Moved + 1 };
        }
    }
}
