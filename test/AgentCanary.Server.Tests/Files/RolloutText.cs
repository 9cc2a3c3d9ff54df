namespace AgentCanary.Server.Tests.Files;

/// <summary>Rollout files around the line that a test is about.</summary>
internal static class RolloutText
{
    /// <summary>What follows the agent's name in the smallest file.</summary>
    public const string AfterAgent = Stable + "canary: { version: v2, url: \"http://127.0.0.1:2\" }\n" + OneStage;

    /// <summary>The smallest file, four lines.</summary>
    public const string Minimal = "agent: a\n" + AfterAgent;

    private const string Stable = "stable: { version: v1, url: \"http://127.0.0.1:1\" }\n";
    private const string OneStage = "stages: [ { weight: 100% } ]\n";

    /// <summary>The smallest file and something at line 5.</summary>
    public static string Top(string rest) => $"{Minimal}{rest}\n";

    /// <summary>A file whose canary, at line 3, is what is given.</summary>
    public static string Canary(string fields) => $"agent: a\n{Stable}canary: {{ {fields} }}\n{OneStage}";

    /// <summary>A file without stages, and something at line 4.</summary>
    public static string Stages(string rest) => Minimal.Replace(OneStage, $"{rest}\n", StringComparison.Ordinal);

    /// <summary>A file whose first stage, at line 5, is what is given.</summary>
    public static string Stage(string fields) => Stages($"stages:\n  - {{ {fields} }}\n  - {{ weight: 100% }}");
}
