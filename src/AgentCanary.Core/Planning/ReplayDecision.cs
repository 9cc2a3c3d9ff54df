using System.Collections.Immutable;
using AgentCanary.Analysis;

namespace AgentCanary.Planning;

/// <summary>One change that a replay made. Immutable and thread-safe.</summary>
/// <param name="At">When, from the trace's beginning.</param>
/// <param name="Name"><c>Promote</c>, <c>Complete</c>, <c>RollBack</c>, <c>Pause</c> or <c>Alert</c>.</param>
/// <param name="FromStage">The stage that was judged, from 0.</param>
/// <param name="ToStage">The stage after it, from 0.</param>
/// <param name="Reason">The reason, a sentence for people.</param>
/// <param name="Checks">The checks that it rests on, with their figures.</param>
public sealed record ReplayDecision(TimeSpan At, string Name, int FromStage, int ToStage, string Reason, ImmutableArray<CheckResult> Checks);
