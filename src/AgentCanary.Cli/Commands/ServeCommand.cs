using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using AgentCanary.Cli.Validation;
using AgentCanary.Control;
using AgentCanary.Server;
using AgentCanary.Server.Api;
using AgentCanary.Server.Controller;
using AgentCanary.Server.Files;
using AgentCanary.Spec;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary serve</c>: runs the server until it is asked to stop.</summary>
internal static class ServeCommand
{
    private static readonly Option<string[]> Files = new("--file", "-f") { Description = "A rollout file; repeat it for several.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };

    private static readonly Option<DirectoryInfo> DataDirectory = new("--data-dir")
    {
        Description = "Where the store and the keys are kept.",
        DefaultValueFactory = _ => new(new ServerOptions().DataDirectory),
        HelpName = "DIR",
    };

    private static readonly Option<string> Listen = new("--listen") { Description = "Where the agents' traffic arrives.", DefaultValueFactory = _ => ServerOptions.DefaultListen, HelpName = "URL" };

    private static readonly Option<string> Admin = new("--admin") { Description = "Where people and the other verbs arrive; on loopback.", DefaultValueFactory = _ => AdminAddress.Default, HelpName = "URL" };

    private static readonly Option<string> Role = new("--role")
    {
        Description = "Which part this process plays; only all so far.",
        DefaultValueFactory = _ => "all",
        HelpName = "all",
    };

    private static readonly Option<string> Store = new("--store")
    {
        Description = "Where rollouts are kept; only sqlite, in the data directory, so far.",
        DefaultValueFactory = _ => "sqlite",
        HelpName = "sqlite",
    };

    private static readonly Option<bool> Supersede = new("--supersede") { Description = "Begin a new attempt where a file has other terms for versions that are known." };

    private static readonly Option<bool> AllowExecProbes = new("--allow-exec-probes") { Description = "Let probes start programs (health: { command: … }), without a shell." };

    private static readonly Option<string[]> TrustForce = new("--trust-force")
    {
        Description = "A network whose callers may choose a version by X-Canary, such as 10.20.0.0/16; repeat it for several.",
        HelpName = "CIDR",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Record = new("--record")
    {
        Description = "Write every outcome to a trace for replay, keys hashed; at most 4 files of 64 MB, the older ones FILE.1.ndjson and so on.",
        HelpName = "FILE.ndjson",
    };

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        Files.Required = true;
        Files.Validators.Add(result =>
        {
            // A list of files would take a misspelt option for one more of them.
            foreach (var file in result.Tokens.Where(token => token.Value.StartsWith("--", StringComparison.Ordinal))) result.AddError($"There is no option '{file.Value}'.");
        });
        Listen.Validators.Add(result =>
        {
            if (!IsHttp(result.GetValueOrDefault<string>())) result.AddError($"'{result.GetValueOrDefault<string>()}' is not an address: write a plain URL such as {ServerOptions.DefaultListen}.");
        });
        Admin.Validators.Add(result =>
        {
            if (!AdminAddress.TryParse(result.GetValueOrDefault<string>(), out _, out var fault)) result.AddError($"{fault}.");
        });
        OnlySoFar(Role, "all");
        OnlySoFar(Store, "sqlite");
        TrustForce.Validators.Add(result =>
        {
            foreach (var network in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (!IPNetwork.TryParse(network, out _)) result.AddError($"'{network}' is not a network: write an address and a prefix length, such as 10.20.0.0/16 or 127.0.0.1/32.");
            }
        });
        Record.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } file && (Directory.Exists(file) || !file.EndsWith(".ndjson", StringComparison.Ordinal)))
                result.AddError($"--record is '{file}': name a file that ends with .ndjson. One that is there is kept as a piece of an earlier trace.");
        });
        var command = new Verb("serve", "Run the gateway, the controller and the admin API in one process.", "serve -f rollout.yaml --data-dir ./data")
        {
            Files, DataDirectory, Listen, Admin, Role, Store, Supersede, AllowExecProbes, TrustForce, Record,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static void OnlySoFar(Option<string> option, string value) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<string>() is var given && given != value) result.AddError($"{option.Name} {given} is not supported yet: leave it out, or write {option.Name} {value}.");
    });

    private static bool IsHttp(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && address.PathAndQuery == "/";

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (Read(parsed.GetValue(Files)!) is not { } specs || !IsPepperRight()) return ExitCode.Usage;
        var options = new ServerOptions
        {
            DataDirectory = parsed.GetValue(DataDirectory)!.FullName,
            Listen = new(parsed.GetValue(Listen)!),
            Admin = new(parsed.GetValue(Admin)!),
            AllowExecProbes = parsed.GetValue(AllowExecProbes),
            TrustForce = [.. parsed.GetValue(TrustForce) ?? []],
            RecordFile = parsed.GetValue(Record) is { } file ? Path.GetFullPath(file) : null,
        };
        try
        {
            await using var host = await ServerHost.StartAsync(options, specs, parsed.GetValue(Supersede), Log, cancellationToken);
            Tell(host, options);
            await host.RunAsync(cancellationToken);
            Console.WriteLine("Stopped: what was decided is kept, and the next start goes on from there.");
            return ExitCode.Done;
        }
        catch (RolloutRefusedException refused)
        {
            return Complain(refused.Message, refused.Result.Status is CommandStatus.NotStored ? ExitCode.Failed : ExitCode.Refused);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or IOException or UnauthorizedAccessException or FormatException)
        {
            return Complain(fault.Message, ExitCode.Failed);
        }
    }

    private static ImmutableArray<RolloutSpec>? Read(string[] names)
    {
        var files = names.Select(name => SourceFile.Read(name, RolloutFileReader.MostBytes)).ToArray();
        var result = RolloutFiles.Read(files.Where(file => file.Fault is null).Select(file => (file.Name, file.Bytes)));
        ImmutableArray<string> faults =
        [
            .. files.Select(file => file.Fault?.ToString()).OfType<string>(),
            .. result.Faults.Select(fault => fault.ToString()),
            .. RolloutFiles.MissingSecrets(result.Specs),
        ];
        foreach (var fault in faults) Complain(fault, ExitCode.Usage);
        return faults.IsEmpty ? result.Specs : null;
    }

    // Read now, for the rollout that needs it may come much later.
    private static bool IsPepperRight()
    {
        try
        {
            Pepper.Read();
            return true;
        }
        catch (FormatException fault)
        {
            Complain(fault.Message, ExitCode.Usage);
            return false;
        }
    }

    private static void Tell(ServerHost host, ServerOptions options)
    {
        Console.WriteLine($"Agents' traffic: {host.Listen}");
        Console.WriteLine($"People and the CLI: {host.Admin} (local callers have every role: there are no API keys)");
        Console.WriteLine($"Data: {options.DataDirectory}");
        if (options.RecordFile is { } trace) Console.WriteLine($"Recording: {trace}");
        foreach (var rollout in host.Rollouts.Snapshots)
            Console.WriteLine($"{rollout.State.Agent}: {rollout.State.Phase}, stage {rollout.State.CurrentStage.Name} ({rollout.State.Weight}), attempt {rollout.State.Attempt}");
    }

    // Results go to standard out, so everything that is said on the way goes to standard error.
    private static void Log(ILoggingBuilder logging) => logging
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
        })
        .AddFilter("Microsoft", LogLevel.Warning)
        // What keeps the server from starting is told once, below, and without a stack.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
        .AddFilter("System", LogLevel.Warning)
        .AddFilter("Yarp", LogLevel.Error);

    private static int Complain(string message, int exitCode)
    {
        Console.Error.WriteLine(PlainText.Of(message));
        return exitCode;
    }
}
