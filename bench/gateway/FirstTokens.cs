using System.Diagnostics;

namespace AgentCanary.GatewayBench;

/// <summary>How long a caller of a stream waits for its first bytes, and for the last.</summary>
/// <param name="First">Half of the first bytes came no later, microseconds.</param>
/// <param name="Last">Half of the streams ended no later, microseconds.</param>
internal sealed record FirstTokens(double First, double Last)
{
    public static async Task<FirstTokens> RunAsync(Target target, int streams, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var (first, last, buffer) = (new List<double>(), new List<double>(), new byte[16 * 1024]);
        for (var stream = 0; stream < streams; stream++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{target.Url}/stream/v1/chat/completions") { Content = new StringContent("{\"stream\":true}", null, "application/json") };
            request.Headers.Add("x-user-id", $"user-{stream}");
            var began = Stopwatch.GetTimestamp();
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            response.EnsureSuccessStatusCode();
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            await body.ReadExactlyAsync(buffer.AsMemory(0, 1), cancellation);
            first.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            while (await body.ReadAsync(buffer, cancellation) > 0)
            {
                // To the end.
            }

            last.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
        }

        return new(Statistics.Median(first), Statistics.Median(last));
    }
}
