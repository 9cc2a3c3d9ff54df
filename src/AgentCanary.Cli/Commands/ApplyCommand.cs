using System.CommandLine;
using AgentCanary.Cli.Client;
using AgentCanary.Cli.Output;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Commands;

/// <summary><c>agentcanary apply -f FILE</c></summary>
internal static class ApplyCommand
{
    private static readonly Option<string[]> Files = new("--file", "-f") { Description = "A rollout file, - for standard input; may be repeated.", HelpName = "FILE", Required = true };
    private static readonly Option<bool> Supersede = new("--supersede") { Description = "Replaces a running rollout of the same versions by these stages, as a new attempt." };
    private static readonly Option<long?> Revision = Numbers.Option("--revision", "N", 1, long.MaxValue, "The revision that was looked at: refused when it is no longer the present one.");
    private static readonly WaitOptions Wait = new(ActCommand.UntilItEnds);

    public static Command Build()
    {
        var command = new ClientCommand("apply", "Starts the rollouts of a file, or goes on with those that the server knows.", "apply -f rollout.yaml") { Files, Supersede, Revision };
        Wait.AddTo(command);
        return command.Does(ApplyAsync);
    }

    private static async Task<int> ApplyAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var documents = RolloutDocuments.Read(call.Get(Files) ?? []);
        foreach (var fault in documents.Faults) call.Note(fault.ToString());
        if (!documents.Faults.IsEmpty) return ExitCode.Usage;
        if (call.Get(Revision) is not null && documents.Rollouts.Length != 1)
        {
            call.Note($"--revision belongs to one rollout, and there are {documents.Rollouts.Length}: apply each by itself.");
            return ExitCode.Usage;
        }
        var applied = new List<ApiReply<RolloutView>>();
        foreach (var (agent, bytes) in documents.Rollouts)
            applied.Add(await call.Api.ApplyAsync(agent, bytes, call.Get(Supersede), call.Get(Revision), cancellationToken));
        return await EndAsync(call, applied, cancellationToken);
    }

    private static async Task<int> EndAsync(ClientCall call, List<ApiReply<RolloutView>> applied, CancellationToken cancellationToken)
    {
        var code = ExitCode.Done;
        for (var i = 0; Wait.IsAsked(call) && i < applied.Count; i++)
        {
            var reached = await Wait.ForAsync(call, applied[i].Value, ActCommand.HasEnded, cancellationToken);
            if (reached is null) return ExitCode.TimedOut;
            applied[i] = reached;
            if (reached.Value.Phase == nameof(Phase.RolledBack)) code = ExitCode.Failed;
        }
        if (call.IsJson) call.SayJson(applied is [var only] ? only.Json : $"[{string.Join(',', applied.Select(reply => reply.Json))}]");
        else foreach (var reply in applied) call.Say(RolloutText.Line(reply.Value));
        return code;
    }
}
