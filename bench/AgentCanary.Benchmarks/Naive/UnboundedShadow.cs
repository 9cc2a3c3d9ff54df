namespace AgentCanary.Benchmarks.Naive;

/// <summary>A shadow as one writes it at first: a task for each call, and hope.</summary>
internal static class UnboundedShadow
{
    public static async Task<string> CallAsync(
        string request,
        Func<string, CancellationToken, Task<string>> stable,
        Func<string, CancellationToken, Task<string>> shadow)
    {
        var answer = await stable(request, default).ConfigureAwait(false);
        _ = Task.Run(() => shadow(request, default));
        return answer;
    }
}
