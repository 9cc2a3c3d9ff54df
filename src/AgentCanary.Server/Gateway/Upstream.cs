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
    private volatile PinOfMinute? _shadowPin;

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
    public CarriedPin PinOf(VersionPins pins, DateTimeOffset now) => (IsOf(_pin, now) ?? (_pin = Make(pins, now, isShadow: false))).Pin;

    /// <summary>Gets the pin that a shadow's call tree is given. Signed once a minute.</summary>
    public CarriedPin ShadowPinOf(VersionPins pins, DateTimeOffset now) => (IsOf(_shadowPin, now) ?? (_shadowPin = Make(pins, now, isShadow: true))).Pin;

    /// <summary>Makes the address of a request; the target passes byte for byte.</summary>
    public Uri AddressOf(string target) => new(Address + target, Verbatim);

    /// <summary>Tells whether this is the same version at the same place under the same terms.</summary>
    public bool Serves(VersionSpec spec, Variant variant) => Variant == variant && Spec.Version == spec.Version && Spec.Url == spec.Url
        && Spec.Headers.SequenceEqual(spec.Headers) && Spec.Set.SequenceEqual(spec.Set);

    private static PinOfMinute? IsOf(PinOfMinute? pin, DateTimeOffset now) => pin?.Minute == VersionPins.MinuteOf(now) ? pin : null;

    private PinOfMinute Make(VersionPins pins, DateTimeOffset now, bool isShadow) =>
        new(VersionPins.MinuteOf(now), new(pins.Make(new(Number, isShadow), now), isShadow));

    // A secret that went missing leaves its header out: the name of a variable is no credential, and requests go on.
    private static IEnumerable<KeyValuePair<string, string>> Resolve(KeyValuePair<string, string> header) =>
        SecretSource.Find(header.Value, out var value) is null ? [new(header.Key, value)] : [];

    private sealed record PinOfMinute(uint Minute, CarriedPin Pin);
}
