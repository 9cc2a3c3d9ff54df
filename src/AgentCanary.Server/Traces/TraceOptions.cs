namespace AgentCanary.Server.Traces;

/// <summary>Where outcomes are recorded, and how much of them is kept.</summary>
internal sealed record TraceOptions
{
    /// <summary>Gets the file; its directory exists.</summary>
    public required string Path { get; init; }

    /// <summary>Gets how long a piece grows: 64 MB unless set.</summary>
    public long MostBytes { get; init; } = 64L << 20;

    /// <summary>Gets how many pieces are kept, the one that is written included: 4 unless set.</summary>
    public int Pieces { get; init; } = 4;

    /// <summary>Gets how many outcomes wait to be written; what comes while so many wait is dropped and counted: 8,192 unless set.</summary>
    public int MostWaiting { get; init; } = 8_192;
}
