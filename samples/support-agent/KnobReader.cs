namespace SupportAgent;

/// <summary>Reads the knobs: first the environment (SUPPORT_AGENT_ERROR_RATE=0.1), then the command line, which wins.</summary>
internal static class KnobReader
{
    private static readonly HashSet<string> Flags = ["stop-with-stdin"];

    /// <exception cref="FormatException">An option is unknown, has no value, or its value breaks the rule.</exception>
    public static Knobs Read(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var knobs = new Knobs();
        foreach (var name in Knobs.Names)
        {
            if (environment("SUPPORT_AGENT_" + name.Replace('-', '_').ToUpperInvariant()) is { Length: > 0 } value)
            {
                knobs = knobs.With(name, value);
            }
        }

        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            value ??= Flags.Contains(name) ? "true" : ++i < args.Count ? args[i] : throw new FormatException($"--{name} has no value.");
            knobs = knobs.With(name, value);
        }

        return knobs;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal))
        {
            throw new FormatException($"'{argument}' is not an option; options look like --error-rate 0.1.");
        }

        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument[2..], null) : (argument[2..equals], argument[(equals + 1)..]);
    }
}
