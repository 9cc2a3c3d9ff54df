namespace AgentCanary.Decisions;

/// <summary>A measured figure.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Measured">What came out.</param>
/// <param name="Runs">How many runs it is of.</param>
/// <param name="Seed">Their seed; null where a clock and no generator was asked.</param>
internal sealed record Figure(string Name, Unit Unit, Estimate Measured, int Runs, ulong? Seed)
{
    /// <summary>Gets what else the runs say.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Gets the goal, or null.</summary>
    public Goal? Goal { get; init; }

    /// <summary>Gets what the method's reference simulation found, or nothing.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Gets whether the goal is missed.</summary>
    public bool IsMissed => Goal?.IsMissedBy(Measured) ?? false;

    /// <summary>Gets the line of the table.</summary>
    public string Line
    {
        get
        {
            var measured = $"{UnitText.Of(Unit, Measured.Value)}{(Detail.Length > 0 ? $" ({Detail})" : "")}";
            var verdict = Goal is null ? "" : IsMissed ? "**MISSED**" : Goal.IsMetBy(Measured.Value) ? "met" : "met within 2 s.e.";
            return $"| {Name} | {measured} | {UnitText.Of(Unit, Measured.Error)} | {Goal?.In(Unit)} | {verdict} | {Reference} | {Runs} | {Seed} |";
        }
    }
}
