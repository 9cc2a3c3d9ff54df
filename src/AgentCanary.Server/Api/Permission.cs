namespace AgentCanary.Server.Api;

/// <summary>What a caller must be allowed to do. An endpoint declares exactly one.</summary>
internal enum Permission
{
    /// <summary>Nobody may: what an endpoint without a declaration gets.</summary>
    Nobody,

    /// <summary>Everybody may, without a key: liveness, readiness and metrics.</summary>
    Anyone,

    /// <summary>May look.</summary>
    Viewer,

    /// <summary>May report outcomes and scores, and ask for decisions.</summary>
    Reporter,

    /// <summary>May apply, pause and roll back.</summary>
    Operator,

    /// <summary>May also give users more of the canary: promote, resume, approve, retry.</summary>
    Approver,
}
