namespace AgentCanary.Control;

/// <summary>What becomes of an outcome or a score that is reported after its answer.</summary>
public enum ReportFate
{
    /// <summary>It says nothing that anybody asks for: no check of the rollout names such a score.</summary>
    Unused,

    /// <summary>It counts for the version, the arm and the stage that served.</summary>
    Counted,

    /// <summary>A report with its id came before; the first one stands.</summary>
    Duplicate,

    /// <summary>Its id is not known yet; it waits for a day.</summary>
    Parked,

    /// <summary>Its id did not become known in time, or cannot.</summary>
    Orphaned,

    /// <summary>Its request is older than a week.</summary>
    TooOld,

    /// <summary>Its request counts for neither side of the comparison.</summary>
    Outside,

    /// <summary>Its rollout was rolled back, or another attempt or rollout has taken its place.</summary>
    Over,
}
