using System.CommandLine;
using AgentCanary.Cli.Output;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Client;

/// <summary>Makes the verbs that ask something of one rollout: they differ in their name, their body and what <c>--wait</c> waits for.</summary>
internal sealed class ActCommand
{
    /// <summary>The goal of verbs that move a rollout on.</summary>
    public const string UntilItEnds = "the rollout has ended; exit code 1 when it rolled back";

    private readonly Argument<string> _agent = new("AGENT") { Description = "The agent's name." };
    private readonly Option<long?> _revision = Numbers.Option("--revision", "N", 1, long.MaxValue, "The revision that was looked at: refused when it is no longer the present one.");
    private readonly WaitOptions _wait;
    private readonly string _act;

    /// <summary>Makes a verb.</summary>
    /// <param name="act">The verb, which is the act's name on the wire too.</param>
    /// <param name="description">What it does.</param>
    /// <param name="arguments">An example of what follows the verb.</param>
    /// <param name="until">What <c>--wait</c> waits for, in words.</param>
    public ActCommand(string act, string description, string arguments = "support-agent", string until = UntilItEnds)
    {
        (_act, _wait) = (act, new(until));
        Command = new ClientCommand(act, description, $"{act} {arguments}") { _agent, _revision };
        _wait.AddTo(Command);
    }

    /// <summary>Gets the verb's command.</summary>
    public ClientCommand Command { get; }

    /// <summary>Gets or sets what the rollout must look like for <c>--wait</c> to end: an end, unless set.</summary>
    public Func<RolloutView, bool> IsReached { get; init; } = HasEnded;

    /// <summary>Gets or sets whether a rollback is what the verb was for.</summary>
    public bool RollbackIsDone { get; init; }

    /// <summary>Tells whether a rollout has ended, and its end is kept.</summary>
    public static bool HasEnded(RolloutView rollout) => rollout is { Phase: nameof(Phase.Completed) or nameof(Phase.RolledBack), Durable: true };

    /// <summary>Sets what is sent.</summary>
    public ClientCommand Sends(Func<ClientCall, ActBody> bodyOf) => Command.Does((call, cancellationToken) => ActAsync(call, bodyOf(call), cancellationToken));

    private async Task<int> ActAsync(ClientCall call, ActBody body, CancellationToken cancellationToken)
    {
        ApiReply<RolloutView>? reply;
        try
        {
            reply = await call.Api.ActAsync(call.Get(_agent), _act, body, call.Get(_revision), cancellationToken);
        }
        catch (ApiProblemException exception) when (RollbackIsDone && _wait.IsAsked(call) && exception.Problem is { Status: 507, Rollout: { Phase: nameof(Phase.RolledBack) } served })
        {
            // Stable serves already; what is left is that the store keeps it.
            call.Note(exception.Message);
            reply = new(served, "");
        }
        return await EndAsync(call, reply, cancellationToken);
    }

    private async Task<int> EndAsync(ClientCall call, ApiReply<RolloutView> acted, CancellationToken cancellationToken)
    {
        var reply = acted;
        if (_wait.IsAsked(call) && await _wait.ForAsync(call, acted.Value, IsReached, cancellationToken) is var reached)
        {
            if (reached is null) return ExitCode.TimedOut;
            reply = reached;
        }
        call.Answer(reply, rollout => [RolloutText.Line(rollout)]);
        return _wait.IsAsked(call) && !RollbackIsDone && reply.Value.Phase == nameof(Phase.RolledBack) ? ExitCode.Failed : ExitCode.Done;
    }
}
