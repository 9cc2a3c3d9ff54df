using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds and judges what a reader found in rollout files. Pure and thread-safe; it never throws for what a file holds.</summary>
public static class SpecBinder
{
    /// <summary>Binds the documents of one file: each is a rollout, empty ones are left out.</summary>
    /// <param name="file">The file's name for faults, or <c>-</c> where it came over the wire.</param>
    /// <param name="documents">The documents, in order.</param>
    /// <returns>The rollouts, or every fault at once.</returns>
    public static SpecResult Bind(string file, ImmutableArray<SpecNode> documents)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Bind([new SpecFile(file, documents)]);
    }

    /// <summary>Binds files that are served together, so that their agents may not collide.</summary>
    /// <param name="files">The files, in order.</param>
    /// <returns>The rollouts in the order of the files, or every fault at once, in the order of files and lines.</returns>
    public static SpecResult Bind(params ImmutableArray<SpecFile> files)
    {
        var agents = new AgentSet();
        var faults = ImmutableArray.CreateBuilder<SpecFault>();
        var specs = ImmutableArray.CreateBuilder<RolloutSpec>();
        foreach (var file in files)
        {
            var log = new FaultLog(file.Name);
            specs.AddRange(BindFile(file, log, agents));
            faults.AddRange(log.InOrder());
        }
        return faults.Count > 0 ? new([], faults.ToImmutable()) : new(specs.ToImmutable(), []);
    }

    private static List<RolloutSpec> BindFile(SpecFile file, FaultLog log, AgentSet agents)
    {
        var specs = new List<RolloutSpec>();
        var found = false;
        foreach (var document in file.Documents)
        {
            if (document is SpecNode.Scalar { IsNothing: true }) continue;
            found = true;
            var root = new Place(log, document, "");
            if (RolloutBinder.Bind(root, agents) is { } spec) specs.Add(spec);
            NotYet.Judge(root);
        }
        if (!found) log.Add(1, 1, "", "the file has no rollout: write agent, stable, canary and stages");
        return specs;
    }
}
