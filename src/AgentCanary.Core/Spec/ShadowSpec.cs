using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>What may be shown to the canary as a shadow. Immutable and thread-safe.</summary>
public sealed record ShadowSpec
{
    /// <summary>
    /// Gets the paths whose requests may be repeated whatever their method, each whole or with <c>/*</c> at its end for all below: none unless set. GET, HEAD and OPTIONS may be repeated everywhere.
    /// </summary>
    public ImmutableArray<string> Safe { get; init; } = [];

    /// <summary>Gets the headers with users' credentials that the shadow is given all the same, in lower case: none unless set.</summary>
    public ImmutableArray<string> Forward { get; init; } = [];

    /// <summary>Gets what the shadow may take within an hour: <see cref="ShadowBudget.Standard"/> unless set.</summary>
    public ShadowBudget Budget { get; init; } = ShadowBudget.Standard;

    /// <summary>Gets when the shadow's answer agrees with stable's.</summary>
    public AgreementTerms Agreement { get; init; } = new();

    /// <summary>Gets who judges whether the shadow's answers are as good as stable's; null where the comparison alone says whether they agree.</summary>
    public JudgeSpec? Judge { get; init; }

    /// <summary>Gets how many of the newest pairs of answers are kept, redacted, for people to read: 0 unless set, up to 200. Without it nothing of requests and answers is kept.</summary>
    public int Keep { get; init; }

    /// <summary>Gets how long pairs are kept: 24 h unless set, 1 min to 7 d.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(24);
}
