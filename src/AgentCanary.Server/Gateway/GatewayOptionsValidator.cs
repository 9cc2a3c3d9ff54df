using System.Net;
using Microsoft.Extensions.Options;

namespace AgentCanary.Server.Gateway;

/// <summary>Judges the options at start, all faults at once.</summary>
internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var faults = new List<string>();
        void Check(bool isRight, string option, object value, string rule)
        {
            if (!isRight) faults.Add($"Gateway option {option} is {value}: it must be {rule}.");
        }

        Check(!string.IsNullOrWhiteSpace(options.DataDirectory), nameof(options.DataDirectory), $"'{options.DataDirectory}'", "a directory");
        foreach (var network in options.TrustForce)
            Check(IPNetwork.TryParse(network, out _), nameof(options.TrustForce), $"'{network}'", "a network such as 10.0.0.0/8 or ::1/128");
        Check(options.MaxConnections >= 1, nameof(options.MaxConnections), options.MaxConnections, "1 or more");
        Check(options.MaxRequestBody >= 0, nameof(options.MaxRequestBody), options.MaxRequestBody, "0 bytes or more");
        Check(options.MaxReadBody is >= 0 and <= 1 << 26, nameof(options.MaxReadBody), options.MaxReadBody, "0 to 67108864 bytes");
        Check(options.MaxResponseHeaders is >= 1 and <= 1024, nameof(options.MaxResponseHeaders), options.MaxResponseHeaders, "1 to 1024 KiB");
        Check(options.RescueShare is >= 0 and <= 1, nameof(options.RescueShare), options.RescueShare, "0 to 1");
        Check(options.RescueMinimum >= 0, nameof(options.RescueMinimum), options.RescueMinimum, "0 or more");
        Check(options.ShadowConcurrency is >= 1 and <= 1024, nameof(options.ShadowConcurrency), options.ShadowConcurrency, "1 to 1024");
        Check(options.ShadowTimeout >= TimeSpan.FromMilliseconds(1) && options.ShadowTimeout <= TimeSpan.FromHours(1), nameof(options.ShadowTimeout), options.ShadowTimeout, "1 ms to 1 h");
        foreach (var (option, value) in Times(options))
            Check(value > TimeSpan.Zero && value <= Longest, option, value, "longer than 0 and at most 24 h");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<(string Option, TimeSpan Value)> Times(GatewayOptions options) =>
    [
        (nameof(options.HeadersTimeout), options.HeadersTimeout),
        (nameof(options.ConnectTimeout), options.ConnectTimeout),
        (nameof(options.ConnectionLifetime), options.ConnectionLifetime),
        (nameof(options.FirstByteTimeout), options.FirstByteTimeout),
        (nameof(options.ActivityTimeout), options.ActivityTimeout),
        (nameof(options.ProbeTimeout), options.ProbeTimeout),
    ];
}
