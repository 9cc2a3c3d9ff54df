namespace AgentCanary.Decisions;

/// <summary>Figures that belong together.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Goal">The number of the goal that they are held against; null for none.</param>
/// <param name="Setting">How they were made.</param>
/// <param name="Measure">Measures them, one after the other.</param>
internal sealed record Section(string Title, int? Goal, string Setting, Func<Effort, IEnumerable<Figure>> Measure);
