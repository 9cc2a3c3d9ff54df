namespace AgentCanary.Planning.Peers;

/// <summary>The share of failed requests of each minute that had any; a minute without is no value.</summary>
internal sealed class MinuteRates
{
    private readonly List<double> _values = [];
    private long _requests;
    private long _failed;

    public IReadOnlyList<double> Values => _values;

    public void Add(bool isFailure)
    {
        _requests++;
        if (isFailure) _failed++;
    }

    /// <summary>Ends a minute.</summary>
    public void Close()
    {
        if (_requests > 0) _values.Add(_failed / (double)_requests);
        (_requests, _failed) = (0, 0);
    }

    public void Clear()
    {
        _values.Clear();
        (_requests, _failed) = (0, 0);
    }
}
