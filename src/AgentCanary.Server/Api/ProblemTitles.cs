using Microsoft.AspNetCore.WebUtilities;

namespace AgentCanary.Server.Api;

/// <summary>The names of all problems and their titles. A name is a contract: programs compare it.</summary>
internal static class ProblemTitles
{
    public const string UnknownAgent = "unknown-agent";
    public const string UnknownDecision = "unknown-decision";
    public const string Stale = "stale-revision";
    public const string Refused = "refused";
    public const string NotStored = "not-stored";
    public const string InvalidFile = "invalid-file";
    public const string InvalidBatch = "invalid-batch";
    public const string InvalidRequest = "invalid-request";
    public const string ForeignHost = "foreign-host";
    public const string ForeignOrigin = "foreign-origin";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not-found";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string MediaType = "unsupported-media-type";
    public const string TooLarge = "too-large";
    public const string NotReady = "not-ready";
    public const string StoreUnavailable = "store-unavailable";
    public const string TooManyStreams = "too-many-streams";
    public const string Internal = "internal";

    public static string Of(string name, int status) => name switch
    {
        UnknownAgent => "Unknown agent",
        UnknownDecision => "Unknown decision",
        Stale => "Stale revision",
        Refused => "Refused",
        NotStored => "Not stored",
        InvalidFile => "Invalid rollout file",
        InvalidBatch => "Invalid batch",
        ForeignHost => "Foreign host",
        ForeignOrigin => "Foreign origin",
        NotReady => "Not ready",
        StoreUnavailable => "Store unavailable",
        TooManyStreams => "Too many streams",
        _ => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Error",
    };
}
