namespace AgentCanary.Spec;

/// <summary>The numbers that a field takes.</summary>
/// <param name="Wanted">The range in words, such as <c>a number above 0 and below 0.5</c>.</param>
/// <param name="Holds">Whether a finite number is in it.</param>
internal sealed record NumberRange(string Wanted, Func<double, bool> Holds);
