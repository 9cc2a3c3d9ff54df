namespace AgentCanary.Server.Gateway;

/// <summary>How the gateway treats callers and agents. Set once at start; read-only afterwards.</summary>
public sealed class GatewayOptions
{
    /// <summary>Gets or sets the directory that keeps the key of decision ids: the working directory unless set. It is created where it is missing.</summary>
    public string DataDirectory { get; set; } = ".";

    /// <summary>Gets the networks, such as <c>10.0.0.0/8</c> or <c>::1/128</c>, whose callers may force a variant: none unless set. Loopback by itself is no authority.</summary>
    public IList<string> TrustForce { get; } = [];

    /// <summary>Gets or sets how many connections the data listener keeps at once: 10,000 unless set, 1 or more. One more is closed at once.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Gets or sets how long a caller may take to send its headers: 15 s unless set.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets or sets the largest request body in bytes: 30,000,000 unless set, 0 or more. A larger one is refused with 413.</summary>
    public long MaxRequestBody { get; set; } = 30_000_000;

    /// <summary>Gets or sets the largest body in bytes that is read for its key and fields: 1,048,576 unless set, 0 to 64 MiB. A larger one is streamed unread.</summary>
    public int MaxReadBody { get; set; } = 1 << 20;

    /// <summary>Gets or sets the largest response header section of an agent in KiB: 32 unless set, 1 to 1,024.</summary>
    public int MaxResponseHeaders { get; set; } = 32;

    /// <summary>Gets or sets how long a connection to an agent may take: 2 s unless set.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how long a connection to an agent is reused, so that a changed DNS entry takes effect: 2 min unless set.</summary>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets how long an agent may take to its response headers after the request was sent to it: 100 s unless set. More than <see cref="ActivityTimeout"/> has no effect.</summary>
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Gets or sets how long a call may be silent in both directions: 100 s unless set. Any byte starts it anew.</summary>
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Gets or sets the share of an agent's requests in the last 10 s that may be under way to stable, or have failed there too, for a canary out of reach: 0.10 unless set, 0 to 1. Those that stable answered do not count. It is also the share that may be sent to stable after the canary was sent them; of these all count.</summary>
    public double RescueShare { get; set; } = 0.10;

    /// <summary>Gets or sets how many such rescues are always allowed in 10 s, so that a site with few users a second keeps them all: 20 unless set, 0 or more.</summary>
    public int RescueMinimum { get; set; } = 20;

    /// <summary>Gets or sets how many shadow calls of one agent run at once at most: 4 unless set, 1 to 1,024.</summary>
    public int ShadowConcurrency { get; set; } = 4;

    /// <summary>Gets or sets how long a shadow call may take: 30 s unless set, 1 ms to 1 h.</summary>
    public TimeSpan ShadowTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets whether a rollout file may have programs run as probes: false unless set.</summary>
    public bool AllowExecProbes { get; set; }

    /// <summary>Gets or sets how long one probe may take: 2 s unless set.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
