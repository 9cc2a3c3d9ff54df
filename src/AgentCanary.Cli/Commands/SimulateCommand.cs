using System.CommandLine;
using AgentCanary.Cli.Output;
using AgentCanary.Cli.Simulation;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary simulate</c>: many rollouts of a file on made traffic.</summary>
internal static class SimulateCommand
{
    // What shells expect of a command that Ctrl-C ended.
    private const int Interrupted = 130;

    private static readonly Argument<string> File = new("FILE") { Description = "The rollout file." };
    private static readonly Option<string?> Rate = Text("--rate", "N/s", "How many requests the agent gets: 20/s, 300/min, 5000/day.");

    private static readonly Option<string?> Stable = Text("--stable", "LIST",
        "How stable answers, such as error_rate=0.01,p95_latency=800ms; the metrics of checks are its keys. score.quality=0.8~0.12 is a mean and its standard deviation, "
            + "failure_latency=1s the median of failures.");

    private static readonly Option<string[]> Canary = new("--canary")
    {
        HelpName = "LIST",
        Description = "How the canary differs from stable, such as error_rate=0.05; not at all unless given. late=25m: only from then on. share=1.2: it gets 1.2 times its weight. "
            + "Give it again for another canary on the same requests.",
    };

    private static readonly Option<string?> Both = Text("--both", "LIST",
        "What befalls both versions, or one of them in its own list: drift=0.5%..8%/2h (the error rate climbs), wave=0.5%..2.5%/24h (and comes back), "
            + "incident=20%@1h+10m (so many more fail, from when, how long), icc=0.05 (failures gather in some of the users).");

    private static readonly Option<string?> Users = Text("--users", "N", "How many users send the requests; each request is of another one unless given.");
    private static readonly Option<string?> For = Text("--for", "TIME", "When a rollout that has not ended counts as undecided; 24h unless given.");
    private static readonly Option<string?> Runs = Text("--runs", "N", "How many rollouts; 1000 unless given.");
    private static readonly Option<string?> Seed = Text("--seed", "N", "Where chance begins; 1 unless given. The same seed gives the same figures on every machine.");
    private static readonly Option<string?> Against = Text("--against", "LIST", "Run the documented rules of others on the same requests, beside: agent-canary, flagger, argo, kayenta, or all.");
    private static readonly Option<string?> Agent = Text("--agent", "NAME", "Which rollout of a file of several.");
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document and nothing else." };

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var command = new Verb("simulate", "Run a rollout many times on made traffic: how often it ends well, how soon, and what it costs the users.",
            "simulate rollout.yaml --rate 20/s --stable error_rate=0.01,p95_latency=800ms --canary error_rate=0.05")
        {
            File, Rate, Stable, Canary, Both, Users, For, Runs, Seed, Against, Agent, Json,
        };
        command.SetAction((parsed, stopped) => RunAsync(parsed, stopped));
        return command;
    }

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopped)
    {
        var (options, faults) = SimulationOptionsReader.Read(new(parsed.GetValue(File)!)
        {
            Agent = parsed.GetValue(Agent),
            Rate = parsed.GetValue(Rate),
            Stable = parsed.GetValue(Stable),
            Canaries = parsed.GetValue(Canary) ?? [],
            Both = parsed.GetValue(Both),
            Users = parsed.GetValue(Users),
            Length = parsed.GetValue(For),
            Runs = parsed.GetValue(Runs),
            Seed = parsed.GetValue(Seed),
            Against = parsed.GetValue(Against),
            Json = parsed.GetValue(Json),
        });
        foreach (var fault in faults) await Console.Error.WriteLineAsync(PlainText.Of(fault));
        return options is null ? ExitCode.Usage : await RunAsync(options, stopped);
    }

    private static async Task<int> RunAsync(SimulationOptions options, CancellationToken stopped)
    {
        IReadOnlyList<SimulationRound> runs;
        using (var progress = new SimulationProgress(Console.IsErrorRedirected ? null : Console.Error, options.Runs))
        {
            runs = await SimulationRunner.RunAsync(options.Runs, (number, stop) => SimulationRound.Run(options, number, stop), Environment.ProcessorCount, progress.Show, stopped);
        }
        if (runs.Count < options.Runs)
            await Console.Error.WriteLineAsync(runs.Count == 0 ? "Stopped before the first rollout had ended." : $"Stopped: these are the first {Columns.Count(runs.Count)} of {Columns.Count(options.Runs)} rollouts.");
        if (runs.Count == 0) return Interrupted;
        SimulationResult[] results = [.. options.Canaries.Select((_, canary) => SimulationResult.Of(options, canary, runs))];
        if (options.Json) Console.Out.WriteLine(SimulationJson.Write(results));
        else foreach (var line in SimulationPicture.Write(results)) Console.Out.WriteLine(PlainText.Of(line));
        return runs.Count < options.Runs ? Interrupted : ExitCode.Done;
    }
}
