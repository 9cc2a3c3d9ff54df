namespace AgentCanary.Server.Reports;

/// <summary>Reports whose ids are not known yet, in the order in which they came. As many as there are places, and no more. One caller at a time.</summary>
internal sealed class ParkingLot(int places, TimeSpan stay)
{
    private readonly Queue<(Report Report, DateTimeOffset Until)> _waiting = new();

    /// <summary>Gets how many reports wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Parks a report.</summary>
    /// <returns>False where every place is taken.</returns>
    public bool TryAdd(Report report, DateTimeOffset now)
    {
        if (_waiting.Count >= places) return false;
        _waiting.Enqueue((report, now + stay));
        return true;
    }

    /// <summary>Looks at some of the reports again, those that waited longest for a look first.</summary>
    /// <param name="most">At how many.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="leaves">Tells whether a report leaves; it is told whether the report has waited long enough.</param>
    public void Look(int most, DateTimeOffset now, Func<Report, bool, bool> leaves)
    {
        for (var left = Math.Min(most, _waiting.Count); left > 0; left--)
        {
            var waiting = _waiting.Dequeue();
            if (!leaves(waiting.Report, waiting.Until <= now)) _waiting.Enqueue(waiting);
        }
    }
}
