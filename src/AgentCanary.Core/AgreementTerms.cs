using System.Collections.Immutable;

namespace AgentCanary;

/// <summary>When two answers to one request agree. Immutable and thread-safe.</summary>
public sealed record AgreementTerms
{
    /// <summary>Gets how they are compared: as JSON where both are JSON, else as text, unless set.</summary>
    public AgreementKind Kind { get; init; }

    /// <summary>
    /// Gets the members of JSON that are not compared, such as <c>choices.message.id</c>; lists do not count as a step. Unless set, ids, times, the model and
    /// the usage at any depth, but not in what tools are called with; an empty array means none.
    /// </summary>
    public ImmutableArray<string> Ignore { get; init; }

    /// <summary>Gets how far two numbers may differ, as a share of the larger one: 0 unless set, 0 to 1.</summary>
    public double Tolerance { get; init; }

    /// <summary>Gets how similar two texts must be: 0.8 unless set, above 0, up to 1 for the same words in the same order.</summary>
    public double Similarity { get; init; } = 0.8;
}
