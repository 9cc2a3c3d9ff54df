namespace AgentCanary.Decisions;

/// <summary>What a figure is to reach.</summary>
/// <param name="Least">What it must not be below; null for any.</param>
/// <param name="Most">What it must not be above; null for any.</param>
internal sealed record Goal(double? Least, double? Most)
{
    public static Goal AtMost(double limit) => new(null, limit);

    public static Goal AtLeast(double limit) => new(limit, null);

    public bool IsMetBy(double value) => !(value < Least || value > Most);

    /// <summary>Tells whether the figure is beyond a bound by more than two standard errors: less than that may be chance.</summary>
    public bool IsMissedBy(Estimate figure) => figure.Value + (2 * figure.Error) < Least || figure.Value - (2 * figure.Error) > Most;

    /// <summary>Writes it in a figure's unit.</summary>
    public string In(Unit unit) => (Least, Most) switch
    {
        ({ } least, { } most) => $"{UnitText.Of(unit, least)} to {UnitText.Of(unit, most)}",
        ({ } least, null) => $"≥ {UnitText.Of(unit, least)}",
        _ => $"≤ {UnitText.Of(unit, Most!.Value)}",
    };
}
