namespace AgentCanary.Planning.Simulation;

/// <summary>A request of a made world before anybody serves it. What is drawn here is the same whoever serves it, so methods are compared on the same traffic.</summary>
internal readonly record struct MadeRequest
{
    /// <summary>Gets when it starts, in seconds.</summary>
    public required double At { get; init; }

    /// <summary>Gets its place in the key space.</summary>
    public required uint Bucket { get; init; }

    /// <summary>Gets the hash of its key, 0 without one.</summary>
    public required ulong KeyHash { get; init; }

    /// <summary>Gets its place in another key space, by which users belong to cohorts.</summary>
    public required uint Slice { get; init; }

    /// <summary>Gets how much its user's error rate differs from all users': see <see cref="World.Personal"/>. Not a number without such users.</summary>
    public required double Proneness { get; init; }

    /// <summary>Gets the draw that decides whether it fails, 0 to 1: it fails where the error rate is above this.</summary>
    public required double Fate { get; init; }

    /// <summary>Gets the standard normal draw that decides how long it takes.</summary>
    public required double Pace { get; init; }

    /// <summary>Gets the draw that decides whether a quota refuses it.</summary>
    public required double Quota { get; init; }

    /// <summary>Gets the draw that decides whether its answer violates safety.</summary>
    public required double Harm { get; init; }

    /// <summary>Gets the seed of its other figures.</summary>
    public required ulong Seed { get; init; }
}
