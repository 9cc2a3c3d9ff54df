namespace AgentCanary.Cli.Demo;

/// <summary>What the users saw of one version, and what they said of it later.</summary>
internal readonly record struct VersionCount
{
    /// <summary>Gets the answered or failed requests.</summary>
    public long Requests { get; init; }

    /// <summary>Gets those without a whole answer.</summary>
    public long Failed { get; init; }

    /// <summary>Gets those that were under way when a rollback took the version away.</summary>
    public long Withdrawn { get; init; }

    /// <summary>Gets those whose answer a safety rule withheld.</summary>
    public long Withheld { get; init; }

    /// <summary>Gets those that the model declined.</summary>
    public long Refused { get; init; }

    /// <summary>Gets those that got what was asked for.</summary>
    public long Helped { get; init; }

    /// <summary>Gets the thumbs that have come.</summary>
    public long Thumbs { get; init; }

    /// <summary>Gets those of them that point up.</summary>
    public long ThumbsUp { get; init; }

    public VersionCount Plus(UserAnswer answer) => this with
    {
        Requests = Requests + 1,
        Failed = Failed + One(answer.Kind is AnswerKind.Failed),
        Withdrawn = Withdrawn + One(answer.Kind is AnswerKind.Withdrawn),
        Withheld = Withheld + One(answer.Kind is AnswerKind.Withheld),
        Refused = Refused + One(answer.Kind is AnswerKind.Refused),
        Helped = Helped + One(answer.Kind is AnswerKind.Helpful),
    };

    public VersionCount Plus(Thumb thumb) => this with { Thumbs = Thumbs + 1, ThumbsUp = ThumbsUp + One(thumb.IsUp) };

    private static int One(bool isSo) => isSo ? 1 : 0;
}
