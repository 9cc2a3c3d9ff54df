using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentCanary.Cli.Client;

namespace AgentCanary.Cli.Demo;

/// <summary>Posts the users' thumbs when they are due, as any other program would: scores that name the decision of the answer.</summary>
internal sealed class Feedback(ThumbQueue thumbs, CrowdTally tally, ApiClient client, TimeProvider time)
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private long _posted;

    /// <summary>Posts until cancelled.</summary>
    /// <exception cref="DemoException">The server refuses the scores.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Beat, time);
            IReadOnlyList<Thumb> due = [];
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (due.Count == 0) due = thumbs.TakeDue(MostAtOnce);
                // What did not arrive is sent again, under the same ids.
                if (due.Count > 0 && await TryPostAsync(due, cancellationToken)) due = [];
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The demo is over.
        }
    }

    private async Task<bool> TryPostAsync(IReadOnlyList<Thumb> due, CancellationToken cancellationToken)
    {
        try
        {
            await client.PostScoresAsync(Write(due), cancellationToken);
        }
        catch (ServerUnreachableException)
        {
            return false;
        }
        catch (ApiProblemException problem)
        {
            throw new DemoException($"The server does not take the users' thumbs: {problem.Message}");
        }

        _posted += due.Count;
        tally.Add(due);
        return true;
    }

    private JsonArray Write(IReadOnlyList<Thumb> due) => [.. due.Select((thumb, i) => new JsonObject
    {
        ["id"] = string.Create(CultureInfo.InvariantCulture, $"thumb-{_posted + i}"),
        ["name"] = DemoTerms.Score,
        ["value"] = thumb.IsUp,
        ["decision_id"] = thumb.Decision,
    })];
}
