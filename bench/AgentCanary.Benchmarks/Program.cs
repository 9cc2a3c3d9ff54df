using AgentCanary.Benchmarks;
using AgentCanary.Benchmarks.Ratios;
using BenchmarkDotNet.Running;

if (args is ["ratios", ..])
{
    RatioTable.Write(Console.Out);
    return;
}
if (args is ["peers", ..])
{
    PeerTable.Write(Console.Out);
    return;
}
BenchmarkSwitcher.FromAssembly(typeof(Workload).Assembly).Run(args, new SharedMachineConfig());
