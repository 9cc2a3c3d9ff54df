namespace AgentCanary.GatewayBench;

/// <summary>Gives every target its turn in every round, so that what else the machine does meets all alike.</summary>
internal static class Measurement
{
    private const int Crowd = 32;

    public static async Task<int> RunAsync(string cli, Effort effort, TextWriter page, TextWriter progress, CancellationToken cancellation)
    {
        try
        {
            await progress.WriteLineAsync("starting agents, YARP, nginx and AgentCanary");
            using var site = await Site.StartAsync(cli, cancellation);
            var report = new Report(page);
            await WarmAsync(site, effort, progress, cancellation);
            report.Crowd(await InTurnsAsync("32 connections", [site.Yarp, site.Direct, site.Nginx, site.Ours, site.OursShadow], Crowd, effort, progress, cancellation));
            report.ShadowCalls(await ShadowedAsync(site, cancellation));
            report.Single(await InTurnsAsync("one connection", [site.Yarp, site.Direct, site.Nginx, site.Ours], 1, effort, progress, cancellation));
            report.SlowShadow(await InTurnsAsync("a slow shadow", [site.Direct, site.Ours, site.OursSlowShadow, site.NginxSlowMirror], 8, effort, progress, cancellation));
            report.Streams(await StreamsAsync([site.Yarp, site.Direct, site.Nginx, site.Ours], effort, progress, cancellation));
            report.Memory(await MemoryAsync([site.Yarp, site.Nginx, site.Ours], effort, progress, cancellation));
            return 0;
        }
        catch (Exception fault) when (fault is InvalidOperationException or HttpRequestException or System.ComponentModel.Win32Exception)
        {
            await progress.WriteLineAsync(fault.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    // The runtime compiles hot methods again in the background, which would be taken for the price of a request.
    private static async Task WarmAsync(Site site, Effort effort, TextWriter progress, CancellationToken cancellation)
    {
        foreach (var target in new[] { site.Direct, site.Yarp, site.Nginx, site.NginxSlowMirror, site.Ours, site.OursShadow, site.OursSlowShadow })
        {
            await progress.WriteLineAsync($"warming {target.Name}");
            await Load.RunAsync(target, Crowd, effort.Warm, cancellation);
        }
    }

    private static async Task<Dictionary<Target, List<Load>>> InTurnsAsync(
        string name, Target[] targets, int connections, Effort effort, TextWriter progress, CancellationToken cancellation)
    {
        var loads = targets.ToDictionary(target => target, _ => new List<Load>());
        for (var round = 1; round <= effort.Rounds; round++)
        {
            await progress.WriteLineAsync($"{name}: round {round} of {effort.Rounds}");
            foreach (var target in targets) loads[target].Add(await Load.RunAsync(target, connections, effort.Slice, cancellation));
        }

        return loads;
    }

    private static async Task<Dictionary<string, double>> ShadowedAsync(Site site, CancellationToken cancellation)
    {
        var results = new Dictionary<string, double>();
        foreach (var result in new[] { "sent", "dropped", "failed", "timed_out", "over_budget", "paused" })
        {
            results[result] = await site.ShadowCallsAsync(site.OursShadow, $"\"{result}\"", cancellation);
        }

        return results;
    }

    private static async Task<Dictionary<Target, List<FirstTokens>>> StreamsAsync(Target[] targets, Effort effort, TextWriter progress, CancellationToken cancellation)
    {
        var streams = targets.ToDictionary(target => target, _ => new List<FirstTokens>());
        foreach (var target in targets) await FirstTokens.RunAsync(target, effort.Streams, cancellation); // warm
        for (var round = 1; round <= effort.Rounds; round++)
        {
            await progress.WriteLineAsync($"streams: round {round} of {effort.Rounds}");
            foreach (var target in targets) streams[target].Add(await FirstTokens.RunAsync(target, effort.Streams, cancellation));
        }

        return streams;
    }

    private static async Task<Dictionary<Target, double>> MemoryAsync(Target[] targets, Effort effort, TextWriter progress, CancellationToken cancellation)
    {
        await progress.WriteLineAsync("memory under 128 connections");
        var memory = new Dictionary<Target, double>();
        foreach (var target in targets)
        {
            var load = Load.RunAsync(target, 128, effort.Slice * 2, cancellation);
            var most = 0.0;
            for (; !load.IsCompleted; await Task.Delay(200, cancellation)) most = Math.Max(most, target.Program.MemoryMebibytes);
            await load;
            memory[target] = most;
        }

        return memory;
    }
}
