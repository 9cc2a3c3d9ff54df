using AgentCanary.Cli.Client;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Demo;

/// <summary>One demo from start to end: a site, a crowd, a rollout that moves, a result.</summary>
internal sealed class DemoRun(DemoOptions options, IDemoView view, HttpClient http, TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    // Long enough to see that the end holds for new requests.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

    /// <exception cref="DemoException">A part could not be started or read.</exception>
    public async Task<DemoResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var site = await DemoSite.StartAsync(options, http, time, cancellationToken);
        using var client = new ApiClient(site.Admin, key: null);
        var reader = new RolloutReader(client);
        var thumbs = new ThumbQueue(time, options.Hour);
        var crowd = new Crowd(http, site.Data, thumbs, time);
        view.Start(site);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (began, clock) = (time.GetUtcNow(), time.GetTimestamp());
        var users = crowd.RunAsync(stop.Token);
        var feedback = new Feedback(thumbs, crowd.Tally, client, time).RunAsync(stop.Token);
        try
        {
            var last = await WatchAsync(reader, crowd.Tally, feedback, clock, cancellationToken);
            var figures = crowd.Tally.Figures;
            return new DemoResult
            {
                Options = options, Rollout = last, Events = await reader.ReadEventsAsync(cancellationToken), Users = figures,
                Began = began, Lasted = time.GetElapsedTime(clock), Terms = site.Terms, Data = site.Data, Admin = site.Admin,
            };
        }
        finally
        {
            await stop.CancelAsync();
            await view.EndAsync();
            await Task.WhenAll(users, feedback);
        }
    }

    private async Task<RolloutView> WatchAsync(RolloutReader reader, CrowdTally tally, Task feedback, long clock, CancellationToken cancellationToken)
    {
        RolloutView? seen = null;
        long? ended = null;
        while (true)
        {
            if (feedback.IsFaulted) await feedback;
            seen = await reader.TryReadAsync(cancellationToken) ?? seen;
            var elapsed = time.GetElapsedTime(clock);
            if (seen is not null) view.Show(seen, tally.Figures, elapsed);
            if (ended is null && seen?.Phase is "Completed" or "RolledBack")
            {
                tally.End();
                ended = time.GetTimestamp();
            }

            if (seen is not null && IsOver(ended, elapsed)) return seen;
            if (elapsed > options.Patience) throw new DemoException("The server does not tell how the rollout stands.");
            await Task.Delay(Glance, time, cancellationToken);
        }
    }

    private bool IsOver(long? ended, TimeSpan elapsed) => ended is { } end
        ? time.GetElapsedTime(end) >= Aftermath
        : elapsed >= (options.Scenario.Ending is DemoEnding.Holds ? TimeSpan.FromSeconds(options.Seconds) : options.Patience);
}
