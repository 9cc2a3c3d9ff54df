using System.Collections.Immutable;

namespace AgentCanary;

/// <summary>One condition on one attribute of a request, such as <c>header:x-user-group: { in: [ staff, qa ] }</c>.</summary>
/// <param name="Attribute">The attribute with its source: <c>header:NAME</c> or <c>cookie:NAME</c>; any name in the library.</param>
/// <param name="Match">How the value is compared; ordinal, case-sensitive.</param>
/// <param name="Values">The values to compare with: one, or several for <see cref="CohortMatch.In"/>, or none for <see cref="CohortMatch.Present"/>.</param>
public sealed record CohortRule(string Attribute, CohortMatch Match, ImmutableArray<string> Values);
