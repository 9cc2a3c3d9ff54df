using System.CommandLine;
using AgentCanary.Cli.Validation;
using AgentCanary.Server.Files;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary validate</c>: judges rollout files as a server would, and starts nothing.</summary>
internal static class ValidateCommand
{
    private static readonly Argument<string[]> Files =
        new("FILE") { Description = "Rollout files, YAML or JSON, judged together.", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document and nothing else." };

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        // A slip in an option would otherwise be taken for the name of a file.
        Files.Validators.Add(result =>
        {
            foreach (var option in result.Tokens.Where(token => token.Value.StartsWith('-')))
                result.AddError($"'{option.Value}' is not an option of validate. A file of that name is ./{option.Value}.");
        });
        var command = new Verb(
            "validate", "Check rollout files: exit code 0 when all are accepted, or 2 with every fault and where it is.", "validate rollout.yaml") { Files, Json };
        command.SetAction(parsed => Run(parsed.GetValue(Files) ?? [], parsed.GetValue(Json)));
        return command;
    }

    private static int Run(string[] files, bool json)
    {
        var result = Judge(files);
        if (json) Console.Out.WriteLine(ValidationJson.Write(result));
        else if (result.IsValid)
        {
            foreach (var spec in result.Specs)
                foreach (var warning in SpecWarnings.Of(spec)) Console.Error.WriteLine(PlainText.Of($"Warning: {spec.Agent}: {warning}"));
            Console.Out.Write(ValidationSummary.Write(result.Specs));
        }
        else
        {
            foreach (var fault in result.Faults) Console.Error.WriteLine(PlainText.Of(fault.ToString()));
            Console.Error.WriteLine($"{result.Faults.Length} {(result.Faults.Length == 1 ? "fault" : "faults")}; nothing is accepted.");
        }
        return result.IsValid ? ExitCode.Done : ExitCode.Usage;
    }

    /// <summary>Judges what can be read, so that a missing file hides no fault of the others.</summary>
    private static SpecResult Judge(string[] files)
    {
        var read = files.Select(file => SourceFile.Read(file, RolloutFileReader.MostBytes)).ToArray();
        var judged = RolloutFiles.Read(read.Where(file => file.Fault is null).Select(file => (file.Name, file.Bytes)));
        var unread = read.Select(file => file.Fault).OfType<SpecFault>().ToArray();
        return unread.Length == 0 ? judged : new([], [.. unread, .. judged.Faults]);
    }
}
