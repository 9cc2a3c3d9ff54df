using System.CommandLine;

namespace AgentCanary.Cli;

/// <summary>A verb of the command line.</summary>
/// <param name="name">The verb.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="example">A command line that works, without the command itself.</param>
internal class Verb(string name, string description, string example) : Command(name, description)
{
    /// <summary>Gets a command line that works; its help shows it.</summary>
    public string Example { get; } = $"agentcanary {example}";
}
