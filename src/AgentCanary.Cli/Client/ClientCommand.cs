using System.CommandLine;

namespace AgentCanary.Cli.Client;

/// <summary>A verb that talks to a server: its common options, its example, and its exit codes.</summary>
internal sealed class ClientCommand : Verb
{
    private readonly ServerOptions _server = new();
    private readonly Option<bool> _json = new("--json") { Description = "Prints one JSON document and nothing else." };

    /// <summary>Makes a verb.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="example">A command line that works.</param>
    public ClientCommand(string name, string description, string example)
        : base(name, description, example)
    {
        _server.AddTo(this);
        Add(_json);
    }

    /// <summary>Sets what the verb does. Problems and unreachable servers become messages and exit codes here.</summary>
    public ClientCommand Does(Func<ClientCall, CancellationToken, Task<int>> act)
    {
        SetAction(async (parsed, cancellationToken) =>
        {
            using var api = _server.ClientOf(parsed);
            var call = new ClientCall(parsed, api, parsed.GetValue(_json));
            try
            {
                return await act(call, cancellationToken);
            }
            catch (ApiProblemException exception)
            {
                call.Note(exception.Message);
                foreach (var fault in exception.Problem.Faults ?? []) call.Note($"{fault.File}:{fault.Line}:{fault.Column}: {(fault.Path.Length == 0 ? "" : $"{fault.Path}: ")}{fault.Message}");
                return exception.Code;
            }
            catch (ServerUnreachableException exception)
            {
                call.Note(exception.Message);
                return ExitCode.Unreachable;
            }
            catch (RolloutReplacedException exception)
            {
                call.Note(exception.Message);
                return ExitCode.Failed;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Failed;
            }
        });
        return this;
    }
}
