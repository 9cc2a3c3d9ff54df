using AgentCanary.Server.Files;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Validation;

/// <summary>Reads the one rollout that a command works on.</summary>
internal static class ChosenRollout
{
    /// <summary>Reads a file; with several rollouts in it, the agent's.</summary>
    /// <param name="file">The file's name; - is standard input.</param>
    /// <param name="agent">The agent's name, or null for the file's only one.</param>
    /// <param name="faults">What is wrong is added here.</param>
    /// <returns>The rollout, or null where there are faults.</returns>
    public static RolloutSpec? Read(string file, string? agent, List<string> faults)
    {
        var source = SourceFile.Read(file, RolloutFileReader.MostBytes);
        var result = source.Fault is null ? RolloutFiles.Read([(source.Name, source.Bytes)]) : new([], [source.Fault]);
        faults.AddRange(result.Faults.Select(fault => fault.ToString()));
        if (!result.IsValid) return null;
        if (result.Specs.FirstOrDefault(spec => agent is null ? result.Specs.Length == 1 : spec.Agent == agent) is { } chosen) return chosen;
        var agents = string.Join(", ", result.Specs.Select(spec => spec.Agent));
        faults.Add(agent is null ? $"{file}: the file has the rollouts of {agents}: choose one with --agent NAME" : $"{file}: there is no rollout of agent {Quote.Of(agent)}, only of {agents}");
        return null;
    }
}
