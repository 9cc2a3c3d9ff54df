using System.CommandLine;
using AgentCanary.Cli.Output;
using AgentCanary.Cli.Validation;
using AgentCanary.Planning;
using AgentCanary.Server.Files;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary replay</c>: what would have been decided on recorded outcomes, when, and why.</summary>
internal static class ReplayCommand
{
    private static readonly TimeSpan UsualTick = TimeSpan.FromSeconds(1);

    private static readonly Argument<string> File = new("FILE") { Description = "The rollout file." };

    private static readonly Argument<string> TraceName = new("TRACE") { Description = "The recorded outcomes, NDJSON; - is standard input." };

    private static readonly Option<TimeSpan?> Tick = Durations.Option("--tick", "How often is judged: 1s unless set, 100ms to 1h.", TraceReplay.ShortestTick, TraceReplay.LongestTick);

    private static readonly Option<string> Agent = new("--agent")
    {
        Description = "Whose lines of the trace are read, and which rollout of a file of several; the file's only agent unless set.",
        HelpName = "NAME",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document and nothing else." };

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var command = new Verb("replay", "Judge recorded outcomes as a server would have: what would have been decided, when, and why.", "replay rollout.yaml trace.ndjson")
        {
            File, TraceName, Tick, Agent, Json,
        };
        command.SetAction(parsed => Run(parsed.GetValue(File)!, parsed.GetValue(TraceName)!, parsed.GetValue(Tick) ?? UsualTick, parsed.GetValue(Agent), parsed.GetValue(Json)));
        return command;
    }

    private static int Run(string file, string traceName, TimeSpan tick, string? agent, bool json)
    {
        var faults = new List<string>();
        var spec = ReadSpec(file, agent, faults);
        // A refused rollout hides no fault of the trace: both are told in one run.
        var reading = TraceFile.Read(traceName, new(spec, agent), faults);
        if (spec is not null && reading.Trace is { } read) faults.AddRange(Objections(traceName, read, reading, agent ?? spec.Agent, tick));
        if (faults.Count > 0 || spec is null || reading.Trace is not { } trace)
        {
            foreach (var fault in faults) Console.Error.WriteLine(PlainText.Of(fault));
            return ExitCode.Usage;
        }
        var result = TraceReplay.Run(spec, trace, tick);
        var notes = ReplayNotes.Of(spec, reading, result);
        if (json) Console.Out.WriteLine(ReplayJson.Write(result, notes));
        else foreach (var line in ReplayText.Write(spec, trace, result, notes)) Console.Out.WriteLine(PlainText.Of(line));
        return ExitCode.Done;
    }

    private static RolloutSpec? ReadSpec(string file, string? agent, List<string> faults)
    {
        var source = SourceFile.Read(file, RolloutFileReader.MostBytes);
        var result = source.Fault is null ? RolloutFiles.Read((source.Name, source.Bytes)) : new([], [source.Fault]);
        faults.AddRange(result.Faults.Select(fault => fault.ToString()));
        if (!result.IsValid || result.Specs is [_]) return result.IsValid ? result.Specs[0] : null;
        if (result.Specs.FirstOrDefault(spec => spec.Agent == agent) is { } named) return named;
        faults.Add($"{file}: the file has the rollouts of {string.Join(", ", result.Specs.Select(spec => spec.Agent))}: choose one with --agent NAME");
        return null;
    }

    private static IEnumerable<string> Objections(string name, Trace trace, TraceReading reading, string agent, TimeSpan tick)
    {
        if (trace.Count == 0 && reading.Others > 0)
            yield return $"{name}: no outcome is of agent '{agent}', all are of others ({string.Join(", ", reading.OtherAgents)}): choose one with --agent NAME";
        if (TraceReplay.LeastTick(trace) is var least && tick < least)
            yield return $"{name}: --tick is {DurationText.Write(tick)}, too short for a request of {DurationText.Write(trace.Longest)}: write --tick {DurationText.Write(least)} or longer";
    }
}
