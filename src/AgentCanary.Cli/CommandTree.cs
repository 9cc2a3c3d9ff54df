using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using AgentCanary.Cli.Commands;

namespace AgentCanary.Cli;

/// <summary>The <c>agentcanary</c> command and its verbs.</summary>
internal static class CommandTree
{
    /// <summary>Builds the command; a verb is one line here and one file in <c>Commands</c>.</summary>
    public static Command Build() =>
        new("agentcanary",
            "Rolls a new version of an AI agent out in stages, compares it with the stable one on real traffic, "
                + "and promotes it or takes it back.")
    {
        new HelpOption { Action = new VerbHelp() },
        new VersionOption(),
        ServeCommand.Build(),
        DemoCommand.Build(),
        ValidateCommand.Build(),
        PlanCommand.Build(),
        SimulateCommand.Build(),
        ReplayCommand.Build(),
        ApplyCommand.Build(),
        ListCommand.Build(),
        StatusCommand.Build(),
        WatchCommand.Build(),
        EventsCommand.Build(),
        WhyCommand.Build(),
        ShadowCommand.Build(),
        PromoteCommand.Build(),
        PauseCommand.Build(),
        ResumeCommand.Build(),
        ApproveCommand.Build(),
        RetryCommand.Build(),
        RollbackCommand.Build(),
    };

    // A server that is asked to stop drains its two listeners for up to 10 s each; only then is it cut.
    private static readonly TimeSpan Stopping = TimeSpan.FromSeconds(30);

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code: 2 where the command line is wrong, 1 where something failed that no verb foresaw.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        // A reason may begin with '@': it names no file of arguments.
        var parsed = Build().Parse(args, new() { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction) return Complain(parsed);
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Stopping });
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Failed;
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync($"agentcanary: {PlainText.Of(failure.Message)}");
            return ExitCode.Failed;
        }
    }

    private static int Complain(ParseResult parsed)
    {
        foreach (var error in parsed.Errors) Console.Error.WriteLine(PlainText.Of(error.Message));
        var verb = parsed.CommandResult.Parent is null ? "" : $" {parsed.CommandResult.Command.Name}";
        Console.Error.WriteLine($"See agentcanary{verb} --help.");
        return ExitCode.Usage;
    }
}
