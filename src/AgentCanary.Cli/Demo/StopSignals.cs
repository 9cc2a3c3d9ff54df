using System.Runtime.InteropServices;

namespace AgentCanary.Cli.Demo;

/// <summary>Turns Ctrl-C, a polite kill and a closed terminal into a cancellation, so that what was started is tidied up.</summary>
internal sealed class StopSignals : IDisposable
{
    // Not disposed of: a signal may still be on its way to it when everything else is over.
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }
}
