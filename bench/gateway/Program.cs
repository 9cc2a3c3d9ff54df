using System.Globalization;
using System.Runtime.InteropServices;
using AgentCanary.GatewayBench;
using AgentCanary.GatewayBench.Roles;

// run.sh is the way in. The roles are for the processes that it starts.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["agent", var port, var delay]:
        await AgentRole.RunAsync(int.Parse(port), TimeSpan.FromMilliseconds(int.Parse(delay)));
        return 0;
    case ["forwarder", var port, var agent]:
        await ForwarderRole.RunAsync(int.Parse(port), agent);
        return 0;
    case ["measure", var cli, .. var options]:
        using (var stop = new CancellationTokenSource())
        {
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            return await Measurement.RunAsync(cli, Effort.Of(options.Contains("--quick")), Console.Out, Console.Error, stop.Token);

            // What was started ends as well.
            void Stop(PosixSignalContext signal)
            {
                signal.Cancel = true;
                stop.Cancel();
            }
        }

    default:
        Console.Error.WriteLine("Start it by bench/gateway/run.sh.");
        return 2;
}
