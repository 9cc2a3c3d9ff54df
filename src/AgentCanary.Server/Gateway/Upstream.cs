using System.Collections.Immutable;
using System.Net;
using AgentCanary.Server.Files;
using AgentCanary.Spec;
using Yarp.ReverseProxy.Forwarder;

namespace AgentCanary.Server.Gateway;

/// <summary>One version of an agent as the gateway calls it. Lives as long as some rollout names it, so its connections outlive a change of stages.</summary>
internal sealed class Upstream
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Lazy<HttpMessageInvoker> _shadowClient;
    private volatile PinOfMinute? _pin;

    public Upstream(VersionSpec spec, Variant variant, VersionTotals totals, GatewayOptions options)
    {
        Spec = spec;
        Variant = variant;
        Totals = totals;
        Number = VersionPins.NumberOf(spec.Version);
        Address = (spec.Url ?? throw new ArgumentException($"Version {spec.Version} has no url, so no traffic can go there. Give it one.", nameof(spec))).TrimEnd('/');
        Client = UpstreamConnections.Make(options);
        _shadowClient = new(() => UpstreamConnections.Make(options));
        var isSecure = Address.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        Terms = new()
        {
            ActivityTimeout = options.ActivityTimeout,
            Version = isSecure ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = isSecure ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact,
        };
        Headers = [.. spec.Headers.SelectMany(Resolve)];
    }

    public VersionSpec Spec { get; }

    public Variant Variant { get; }

    /// <summary>Gets what stands for the version in version pins.</summary>
    public ulong Number { get; }

    public VersionTotals Totals { get; }

    /// <summary>Gets the base address without a slash at its end.</summary>
    public string Address { get; }

    public HttpMessageInvoker Client { get; }

    /// <summary>Gets the client of shadow calls, whose connections no user waits for.</summary>
    public HttpMessageInvoker ShadowClient => _shadowClient.Value;

    public ForwarderRequestConfig Terms { get; }

    /// <summary>Gets the headers that every request to this version is given, secrets in place of their references.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; }

    /// <summary>Gets the pin that a call tree is given which this version is the root of. Signed once a minute.</summary>
    public CarriedPin PinOf(VersionPins pins, DateTimeOffset now)
    {
        var minute = VersionPins.MinuteOf(now);
        if (_pin is { } kept && kept.Minute == minute) return kept.Pin;
        var made = new PinOfMinute(minute, new(pins.Make(Number, now)));
        _pin = made;
        return made.Pin;
    }

    /// <summary>Makes the address of a request; the target passes byte for byte.</summary>
    public Uri AddressOf(string target) => new(Address + target, Verbatim);

    /// <summary>Tells whether this is the same version at the same place under the same terms.</summary>
    public bool Serves(VersionSpec spec, Variant variant) => Variant == variant && Spec.Version == spec.Version && Spec.Url == spec.Url
        && Spec.Headers.SequenceEqual(spec.Headers) && Spec.Set.SequenceEqual(spec.Set);

    // A secret that went missing leaves its header out: the name of a variable is no credential, and requests go on.
    private static IEnumerable<KeyValuePair<string, string>> Resolve(KeyValuePair<string, string> header) =>
        SecretSource.Find(header.Value, out var value) is null ? [new(header.Key, value)] : [];

    private sealed record PinOfMinute(uint Minute, CarriedPin Pin);
}
