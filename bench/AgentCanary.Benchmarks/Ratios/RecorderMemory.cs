using AgentCanary.Metrics;

namespace AgentCanary.Benchmarks.Ratios;

/// <summary>What a recorder keeps alive, both arms and the ring of ticks included.</summary>
internal static class RecorderMemory
{
    public static void Write(TextWriter to)
    {
        to.WriteLine("| memory of one arm | KB | goal KB |");
        to.WriteLine("|---|---:|---:|");
        to.WriteLine($"| before its first outcome | {KilobytesOfAnArm(requests: 0):F1} | 1 |");
        to.WriteLine($"| after 1,000 requests in 10 ticks | {KilobytesOfAnArm(requests: 1_000):F1} | 48 |");
        to.WriteLine($"| after 1,000,000 requests in 10,000 ticks | {KilobytesOfAnArm(requests: 1_000_000):F1} | 48 |");
        to.WriteLine($"| the same, by bins until stable's quantiles are known | {KilobytesOfAnArm(requests: 1_000_000, SequentialBenchmarks.FirstPlan()):F1} | 48 |");
        to.WriteLine($"| the same, by bins from then on | {KilobytesOfAnArm(requests: 1_000_000, SequentialBenchmarks.FrozenPlan()):F1} | 48 |");
        to.WriteLine();
    }

    private static double KilobytesOfAnArm(int requests, BinPlan? plan = null)
    {
        KeptBy(requests, plan ?? BinPlan.None); // once for what the code itself keeps
        return KeptBy(requests, plan ?? BinPlan.None) / 2 / 1024.0;
    }

    private static long KeptBy(int requests, BinPlan plan)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var recorder = Fed(requests, plan);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(recorder);
        return kept;
    }

    private static OutcomeRecorder Fed(int requests, BinPlan plan)
    {
        var recorder = new OutcomeRecorder(new() { Bins = plan }, firstTick: 1);
        for (var i = 0; i < requests; i++)
        {
            if (i % 100 == 0) recorder.Take(1 + (i / 100));
            var arm = i % 2 == 0 ? Arm.Canary : Arm.Control;
            var outcome = new Outcome { Latency = TimeSpan.FromMilliseconds(80 + (i * 37 % 4000)) };
            recorder.Record(arm, recorder.Start(arm), ((ulong)i + 1) * 0x9E3779B97F4A7C15, outcome);
        }
        return recorder;
    }
}
