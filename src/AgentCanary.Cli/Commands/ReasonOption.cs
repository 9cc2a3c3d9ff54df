using System.CommandLine;

namespace AgentCanary.Cli.Commands;

/// <summary>The option <c>--reason</c> of verbs that act.</summary>
internal static class ReasonOption
{
    public static Option<string?> Build(bool isRequired) => new("--reason") { Description = "Why, for the audit.", HelpName = "TEXT", Required = isRequired };
}
