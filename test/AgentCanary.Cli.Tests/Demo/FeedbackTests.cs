using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AgentCanary.Cli.Client;
using AgentCanary.Cli.Demo;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Cli.Tests.Demo;

public sealed class FeedbackTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentQueue<JsonArray> _batches = new();

    [Fact]
    public async Task Thumbs_are_posted_as_scores_of_their_decisions_and_counted_once_they_arrived()
    {
        await using var server = await ServeAsync(StatusCodes.Status202Accepted, "{}");
        var tally = await RunAsync(server, tally => tally.Figures.Canary.Thumbs == 1);

        var score = Assert.Single(Assert.Single(_batches))!;
        Assert.Equal("""{"id":"thumb-0","name":"user_satisfaction","value":false,"decision_id":"d-1"}""", score.ToJsonString());
        Assert.Equal((1, 0), (tally.Figures.Canary.Thumbs, tally.Figures.Canary.ThumbsUp));
    }

    [Fact]
    public async Task What_did_not_arrive_is_sent_again_under_the_same_ids()
    {
        await using var server = await ServeAsync(StatusCodes.Status202Accepted, "not the server");
        var tally = await RunAsync(server, _ => _batches.Count >= 2);

        Assert.Single(_batches.Select(batch => batch.ToJsonString()).Distinct());
        Assert.Equal(0, tally.Figures.Canary.Thumbs);
    }

    [Fact]
    public async Task A_server_that_refuses_the_scores_ends_the_demo_with_its_words()
    {
        await using var server = await ServeAsync(StatusCodes.Status400BadRequest, """{"type":"urn:agentcanary:problem:new","title":"New","status":400,"detail":"Do this."}""", "application/problem+json");

        var error = await Assert.ThrowsAsync<DemoException>(() => RunAsync(server, _ => false));

        Assert.Equal("The server does not take the users' thumbs: New: Do this.", error.Message);
    }

    // Moves the clock until what is waited for has happened, or the feedback has ended by itself.
    private async Task<CrowdTally> RunAsync(WebApplication server, Func<CrowdTally, bool> isEnough)
    {
        var (thumbs, tally) = (new ThumbQueue(_time, TimeSpan.FromSeconds(5)), new CrowdTally(_time));
        thumbs.Add(new Thumb("v1.1.0", "d-1", IsUp: false));
        using var client = new ApiClient(new Uri(server.Urls.Single()), key: null);
        using var stop = new CancellationTokenSource();
        var feedback = new Feedback(thumbs, tally, client, _time).RunAsync(stop.Token);
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return feedback.IsCompleted || isEnough(tally);
        });
        await stop.CancelAsync();
        await feedback;
        return tally;
    }

    private async Task<WebApplication> ServeAsync(int status, string answer, string contentType = "application/json")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            Assert.Equal("/api/v1/scores", context.Request.Path);
            _batches.Enqueue((await JsonNode.ParseAsync(context.Request.Body))!.AsArray());
            (context.Response.StatusCode, context.Response.ContentType) = (status, contentType);
            await context.Response.WriteAsync(answer);
        });
        await app.StartAsync();
        return app;
    }
}
