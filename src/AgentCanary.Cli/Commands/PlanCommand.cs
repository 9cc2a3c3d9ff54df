using System.CommandLine;
using AgentCanary.Cli.Output;
using AgentCanary.Cli.Planning;
using AgentCanary.Planning;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary plan</c>: what a rollout will take and what it can show, before it starts.</summary>
internal static class PlanCommand
{
    private static readonly Argument<string[]> Files = new("FILE") { Description = "Rollout files, YAML or JSON; - is standard input.", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<string?> Rate = Text("--rate", "N/UNIT", "How many requests the agent gets: 5/s, 300/min, 25/day.");

    private static readonly Option<string?> Baseline = Text("--baseline", "LIST",
        "How stable does today, such as error_rate=0.01,p95_latency=800ms; the metrics of checks are its keys. What is not given is assumed, and the plan says so.");

    private static readonly Option<string?> Within = Text("--within", "TIME", "Look for weights and margins that end in this time, such as 24h.");
    private static readonly Option<string?> PerUser = Text("--requests-per-user", "N", "How many requests a user sends while a stage lasts; 1 unless given.");
    private static readonly Option<string?> CohortShare = Text("--cohort-share", "SHARE", "Which share of all requests each cohort of the file sends; 10% unless given.");
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document and nothing else." };

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var command = new Verb("plan", "Say before the start how many requests and how much time each stage takes, what a bad canary would cost, and what cannot be shown.",
            "plan rollout.yaml --rate 5/s --baseline error_rate=0.01,p95_latency=800ms --within 24h") { Files, Rate, Baseline, Within, PerUser, CohortShare, Json };
        command.SetAction(parsed => Run(
            new(parsed.GetValue(Files) ?? [], parsed.GetValue(Rate), parsed.GetValue(Baseline), parsed.GetValue(Within), parsed.GetValue(PerUser), parsed.GetValue(CohortShare)),
            parsed.GetValue(Json)));
        return command;
    }

    private static int Run(PlanArguments arguments, bool json)
    {
        var (request, faults) = arguments.Read();
        foreach (var fault in faults) Console.Error.WriteLine(PlainText.Of(fault));
        if (request is null) return ExitCode.Usage;
        var outlooks = request.Specs.Select(spec => RolloutPlanner.Plan(spec, request.Traffic, request.Baseline, request.Within)).ToArray();
        if (json) Console.Out.WriteLine(OutlookJson.Write(outlooks));
        else foreach (var line in OutlookText.Write(outlooks)) Console.Out.WriteLine(PlainText.Of(line));
        return ExitCode.Done;
    }

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };
}
