using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using AgentCanary.Cli.Demo;
using Spectre.Console;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary demo</c>: a whole rollout on this machine, with real agents and simulated users.</summary>
internal static class DemoCommand
{
    // What shells expect of a command that Ctrl-C ended.
    private const int Interrupted = 130;
    private const int MostSeed = 1_000_000;

    private static readonly Option<DemoScenario> Scenario = new("--scenario")
    {
        Description = "What the new version is like; healthy unless given.",
        CustomParser = ReadScenario,
        HelpName = string.Join('|', DemoScenario.All.Select(scenario => scenario.Name)),
    };

    private static readonly Option<int> Seconds = new("--seconds")
    {
        Description = $"About how long a healthy rollout takes, {DemoOptions.FewestSeconds} to {DemoOptions.MostSeconds}.",
        DefaultValueFactory = _ => DemoOptions.DefaultSeconds,
        CustomParser = argument => ReadNumber(argument, DemoOptions.FewestSeconds, DemoOptions.MostSeconds),
        HelpName = "N",
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = $"Which faults the agents draw, 1 to {MostSeed}: the same seed draws the same ones.",
        DefaultValueFactory = _ => 1,
        CustomParser = argument => ReadNumber(argument, 1, MostSeed),
        HelpName = "N",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document and nothing else." };

    private static readonly Option<FileInfo?> Report = new("--report") { Description = "Where the report goes; a new temporary file unless given.", HelpName = "FILE" };

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        Scenario.CompletionSources.Add([.. DemoScenario.All.Select(scenario => scenario.Name)]);
        var command = new Verb("demo", "Watch a rollout: two versions of an agent, the server, and simulated users, all on this machine.", "demo --scenario regression") { Scenario, Seconds, Seed, Json, Report };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new DemoOptions(
                parsed.GetValue(Scenario) ?? DemoScenario.Healthy, parsed.GetValue(Seconds), parsed.GetValue(Seed), parsed.GetValue(Json), parsed.GetValue(Report)?.FullName),
            cancellationToken));
        return command;
    }

    private static DemoScenario? ReadScenario(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (DemoScenario.All.FirstOrDefault(scenario => scenario.Name == text) is { } known) return known;
        argument.AddError($"There is no scenario '{text}'; there are {string.Join(", ", DemoScenario.All.Select(scenario => scenario.Name))}.");
        return null;
    }

    private static int ReadNumber(ArgumentResult argument, int least, int most)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        argument.AddError($"{argument.Argument.Name} is '{text}'; it has to be a whole number from {least} to {most}.");
        return default;
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken stopped)
    {
        using var signals = new StopSignals(stopped);
        var cancellationToken = signals.Token;
        // The demo speaks to this machine only, so a proxy of the environment has no say.
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
        try
        {
            var result = await new DemoRun(options, ViewFor(options), http, TimeProvider.System).RunAsync(cancellationToken);
            var verdict = DemoVerdict.Of(result);
            Tell(result, verdict, await DemoReport.SaveAsync(result, verdict, cancellationToken));
            return verdict.Passed ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("The demo was interrupted; its processes and its data are gone.");
            return Interrupted;
        }
        catch (Exception error) when (error is DemoException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCode.Failed;
        }
    }

    private static IDemoView ViewFor(DemoOptions options) => options.Json ? new SilentView()
        : Console.IsOutputRedirected ? new PlainView(options, Console.Out)
        : new LiveView(options, AnsiConsole.Console);

    private static void Tell(DemoResult result, DemoVerdict verdict, string report)
    {
        if (result.Options.Json)
        {
            Console.WriteLine(DemoJson.Write(result, verdict, report));
            return;
        }

        Console.WriteLine();
        Console.WriteLine(verdict.Passed ? verdict.Sentence : $"NOT as it should be: {verdict.Sentence}");
        Console.WriteLine();
        foreach (var line in DemoTimeline.Of(result)) Console.WriteLine(line);
        Console.WriteLine();
        foreach (var sentence in DemoSentences.Of(result.Users)) Console.WriteLine(sentence);
        Console.WriteLine(FormattableString.Invariant($"{result.Users.Requests:N0} requests in {result.Lasted.TotalSeconds:0} s, {result.RequestsPerSecond:0}/s."));
        Console.WriteLine($"Report: {report}");
    }
}
