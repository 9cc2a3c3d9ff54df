using System.Globalization;

namespace AgentCanary.Spec;

/// <summary>Binds <c>stable</c> and <c>canary</c>.</summary>
internal static class VersionBinder
{
    public static string Example(string name, string version, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}: {{ version: {version}, url: http://127.0.0.1:{port} }}");

    public static VersionSpec Bind(Place? place, HealthSpec? inherited)
    {
        if (place?.Section("a mapping such as { version: v1.0.0, url: http://127.0.0.1:9101 }") is not { } section) return new("");
        var spec = new VersionSpec(section.Need("version", "version: v1.0.0").Read<string>("", "a version", NameText.TryParseVersion))
        {
            Url = section.Need("url", "url: http://127.0.0.1:9101")
                .Read<string?>(null, "a URL such as http://127.0.0.1:9101", UrlText.TryParseBase),
            Headers = HeaderBinder.Bind(section.Take("headers")),
            Set = BodyFieldBinder.Bind(section.Take("set")),
            Health = section.Take("health") is { } health ? HealthBinder.Bind(health, inherited) : null,
        };
        section.Close();
        return spec;
    }

    public static void JudgePair(Section root, RolloutSpec spec)
    {
        if (spec.Stable.Version.Length == 0 || spec.Stable.Version != spec.Canary.Version) return;
        var canary = root.Take("canary")?.Section("")?.Take("version");
        canary?.Fault($"'{spec.Canary.Version}' is the stable version too: a rollout needs two versions with different names");
    }
}
