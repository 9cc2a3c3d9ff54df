namespace AgentCanary.Decisions;

/// <summary>How much is run.</summary>
/// <param name="IsQuick">Whether a tenth of the runs must do.</param>
internal sealed record Effort(bool IsQuick)
{
    private const int Tenth = 10;

    /// <summary>Gets how many runs a figure gets that has so many in the full form.</summary>
    public int Runs(int full) => IsQuick ? Math.Max(20, full / Tenth) : full;
}
