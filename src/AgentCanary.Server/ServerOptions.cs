using System.Collections.Immutable;

namespace AgentCanary.Server;

/// <summary>Where a server listens and keeps its data. Immutable and thread-safe.</summary>
public sealed record ServerOptions
{
    /// <summary>The address of the data listener unless another one is given.</summary>
    public const string DefaultListen = "http://127.0.0.1:8080";

    /// <summary>Gets the directory of the store and the keys, made with mode 0700 where it does not exist: <c>agentcanary-data</c> unless set.</summary>
    public string DataDirectory { get; init; } = "agentcanary-data";

    /// <summary>Gets the address for the agents' traffic; port 0 takes any free one.</summary>
    public Uri Listen { get; init; } = new(DefaultListen);

    /// <summary>Gets the address for people and the CLI, on loopback; port 0 takes any free one.</summary>
    public Uri Admin { get; init; } = new(Api.AdminAddress.Default);

    /// <summary>Gets the networks whose callers may force a variant, such as <c>10.0.0.0/8</c>; none unless set.</summary>
    public ImmutableArray<string> TrustForce { get; init; } = [];

    /// <summary>Gets whether probes may start programs: false unless set.</summary>
    public bool AllowExecProbes { get; init; }

    /// <summary>Gets the file that outcomes are recorded to, its name ending with <c>.ndjson</c>; null, for none, unless set.</summary>
    public string? RecordFile { get; init; }
}
