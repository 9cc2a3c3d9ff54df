using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;

namespace AgentCanary.Cli.Demo;

/// <summary>Simulated users who send requests through the gateway at a steady rate, whatever the answers take.</summary>
internal sealed class Crowd
{
    /// <summary>Requests a second.</summary>
    public const int Rate = 240;

    private const int Users = 1000;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    // After a stall of the machine the missed requests are not sent in one burst.
    private const int MostAtOnce = Rate / 10;

    private readonly ConcurrentQueue<SimulatedUser> _idle = new(Enumerable.Range(1, Users).Select(number => new SimulatedUser(number)));
    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly ThumbQueue _thumbs;
    private readonly TimeProvider _time;

    /// <param name="http">Sends the requests.</param>
    /// <param name="gateway">Where to.</param>
    /// <param name="thumbs">Takes what users think of the answers.</param>
    /// <param name="time">The clock.</param>
    public Crowd(HttpClient http, Uri gateway, ThumbQueue thumbs, TimeProvider time)
    {
        (_http, _thumbs, _time) = (http, thumbs, time);
        _address = new Uri(gateway, "/v1/chat/completions");
        Tally = new CrowdTally(time);
    }

    public CrowdTally Tally { get; }

    /// <summary>Sends until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var sent = 0L;
        using var timer = new PeriodicTimer(Beat, _time);
        while (!cancellationToken.IsCancellationRequested)
        {
            var due = (long)(_time.GetElapsedTime(began).TotalSeconds * Rate);
            sent = Math.Max(sent, due - MostAtOnce);
            for (; sent < due && _idle.TryDequeue(out var user); sent++) _ = AskAsync(user, cancellationToken);
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AskAsync(SimulatedUser user, CancellationToken cancellationToken)
    {
        var isAfter = Tally.IsOver;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address);
            request.Headers.Add("x-user-id", user.Id);
            request.Content = new StringContent(user.Speak(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var answer = await AnswerReader.ReadAsync(response, cancellationToken);
            user.Hear(answer.Text);
            Tally.Add(user.Id, answer, isAfter);
            if (user.Rate(answer.Kind) is { } isUp) _thumbs.Add(new Thumb(answer.Version, answer.Decision, isUp));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return; // the demo is over
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            user.Hear("");
            Tally.Add(user.Id, UserAnswer.None, isAfter);
        }

        _idle.Enqueue(user);
    }
}
