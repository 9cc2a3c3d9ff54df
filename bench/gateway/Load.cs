using System.Diagnostics;
using System.Globalization;

namespace AgentCanary.GatewayBench;

/// <summary>What wrk saw in one turn, and what the target paid for it.</summary>
/// <param name="Requests">The requests that were answered.</param>
/// <param name="Seconds">How long the turn took.</param>
/// <param name="Failed">Errors and answers other than 2xx and 3xx.</param>
/// <param name="Median">Half of the requests took no longer, microseconds.</param>
/// <param name="Tail">99 of 100 requests took no longer, microseconds.</param>
/// <param name="Processor">The target's processor time per request, microseconds.</param>
/// <param name="Instructions">The target's instructions per request in user and kernel mode; NaN where the machine counts none.</param>
internal sealed record Load(double Requests, double Seconds, double Failed, double Median, double Tail, double Processor, double Instructions)
{
    private const string Counters = "instructions:u,instructions:k";

    public static async Task<Load> RunAsync(Target target, int connections, TimeSpan slice, CancellationToken cancellation)
    {
        var counts = Path.GetTempFileName();
        string[] wrk = ["wrk", "-t1", $"-c{connections}", $"-d{slice.TotalSeconds}s", "-s", Path.Combine(AppContext.BaseDirectory, "post.lua"), target.Url];
        string[] command = HasPerf ? ["perf", "stat", "-x,", "-o", counts, "-e", Counters, "-p", string.Join(',', target.Program.Ids), "--", .. wrk] : wrk;
        var before = target.Program.ProcessorTime;
        var output = await OutputOfAsync(command, cancellation);
        var processor = target.Program.ProcessorTime - before;
        var instructions = InstructionsIn(await File.ReadAllLinesAsync(counts, cancellation));
        File.Delete(counts);
        var line = output.Split('\n').LastOrDefault(line => line.StartsWith("figures ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk told no figures of {target.Name}:\n{output}");
        var figures = line.Split(' ').Skip(1).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToList();
        var requests = Math.Max(figures[0], 1);
        return new(requests, figures[1] / 1e6, figures[2], figures[3], figures[4], processor.TotalMicroseconds / requests, instructions / requests);
    }

    private static bool HasPerf { get; } = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "perf")));

    private static async Task<string> OutputOfAsync(string[] command, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(cancellation);
            return await process.StandardOutput.ReadToEndAsync(cancellation) + await error;
        }
        finally
        {
            if (!process.HasExited && cancellation.IsCancellationRequested) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    // Two lines of `count,unit,event,…`; the count is `<not supported>` where a virtual machine shows no counters.
    private static double InstructionsIn(IEnumerable<string> lines)
    {
        var counts = lines.Select(line => line.Split(',')).Where(fields => fields.Length > 2 && fields[2].StartsWith("instructions", StringComparison.Ordinal))
            .Select(fields => double.TryParse(fields[0], CultureInfo.InvariantCulture, out var count) ? count : double.NaN).ToList();
        return counts.Count == 0 ? double.NaN : counts.Sum();
    }
}
