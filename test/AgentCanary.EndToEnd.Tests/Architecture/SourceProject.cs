using System.Reflection;
using System.Xml.Linq;

namespace AgentCanary.EndToEnd.Tests.Architecture;

/// <summary>One project of <c>src</c> and what it may know.</summary>
/// <param name="Name">The name of the project and its assembly.</param>
/// <param name="RootNamespace">The namespace of its own folder.</param>
/// <param name="MayReference">The projects that it may reference.</param>
internal sealed record SourceProject(string Name, string RootNamespace, params string[] MayReference)
{
    /// <summary>Gets all five, with the directions that <c>docs/architecture.md</c> draws.</summary>
    public static IReadOnlyList<SourceProject> All { get; } =
    [
        new("AgentCanary.Core", "AgentCanary"),
        new("AgentCanary", "AgentCanary", "AgentCanary.Core"),
        new("AgentCanary.Storage", "AgentCanary.Storage", "AgentCanary.Core"),
        new("AgentCanary.Server", "AgentCanary.Server", "AgentCanary", "AgentCanary.Storage", "AgentCanary.Core"),
        new("AgentCanary.Cli", "AgentCanary.Cli", "AgentCanary.Server", "AgentCanary.Core"),
    ];

    public Assembly Assembly => Assembly.Load(Name);

    public XElement ReadProjectFile() => XElement.Load(Repository.PathOf("src", Name, Name + ".csproj"));

    public override string ToString() => Name;
}
