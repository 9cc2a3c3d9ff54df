using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SupportAgent;

namespace AgentCanary.Samples.Tests;

public sealed class KnobTests
{
    private const int Requests = 600;

    // Wide enough that an honest 30 % falls outside once in 100,000 seeds; the seed is fixed besides.
    private const double Low = 0.3 * Requests - 50;
    private const double High = 0.3 * Requests + 50;

    [Fact]
    public async Task The_error_rate_is_the_share_of_500s_in_the_shape_of_the_API()
    {
        await using var agent = await RunningAgent.StartAsync("--error-rate", "30%", "--seed", "7");
        var failed = 0;
        for (var i = 0; i < Requests; i++)
        {
            using var response = await AskAsync(agent);
            if (response.StatusCode == HttpStatusCode.InternalServerError)
            {
                failed++;
                Assert.Equal("server_error", (await response.Content.ReadFromJsonAsync<JsonNode>())!["error"]!["type"]!.GetValue<string>());
            }
        }

        Assert.InRange(failed, Low, High);
    }

    [Theory]
    [InlineData("--refusal-rate", "can't help")]
    [InlineData("--evasion-rate", "our website")]
    [InlineData("--safety-rate", "content_filter")]
    public async Task A_rate_is_the_share_of_answers_of_that_kind_which_the_body_alone_tells(string knob, string mark)
    {
        await using var agent = await RunningAgent.StartAsync(knob, "0.3", "--seed", "7");
        var marked = 0;
        for (var i = 0; i < Requests; i++)
        {
            using var response = await AskAsync(agent);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("X-Agent-Outcome"));
            var choice = (await response.Content.ReadFromJsonAsync<JsonNode>())!["choices"]![0]!;
            var told = $"{choice["finish_reason"]} {choice["message"]!["content"]} {choice["message"]!["refusal"]}";
            marked += told.Contains(mark, StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(marked, Low, High);
    }

    [Fact]
    public async Task A_tool_that_is_down_is_reported_as_nothing_else_would_tell_it()
    {
        await using var agent = await RunningAgent.StartAsync("--tool-error-rate", "0.3", "--seed", "7");
        var reported = 0;
        for (var i = 0; i < Requests; i++)
        {
            using var response = await AskAsync(agent);
            reported += response.Headers.TryGetValues("X-Agent-Outcome", out var values) && values.Single() == "tool_error" ? 1 : 0;
        }

        Assert.InRange(reported, Low, High);
    }

    [Fact]
    public async Task Refusals_and_withheld_answers_say_so_in_the_words_of_the_API()
    {
        await using var refusing = await RunningAgent.StartAsync("--refusal-rate", "1");
        var refused = await refusing.AskAsync("hello");
        Assert.Null(refused["content"]);
        Assert.NotEmpty(refused["refusal"]!.GetValue<string>());
        await using var guarded = await RunningAgent.StartAsync("--safety-rate", "1");
        using var response = await AskAsync(guarded);
        Assert.Equal("content_filter", (await response.Content.ReadFromJsonAsync<JsonNode>())!["choices"]![0]!["finish_reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_broken_stream_ends_as_a_transport_error_without_DONE()
    {
        await using var agent = await RunningAgent.StartAsync("--break-stream-rate", "1");
        await Assert.ThrowsAsync<HttpRequestException>(() => agent.StreamAsync("Where is order 1004?"));
        await agent.AskAsync("a whole answer is not touched");
    }

    [Fact]
    public void Latency_is_log_normal_about_its_median_and_repeats_with_its_seed()
    {
        var knobs = new Knobs { LatencyMedian = TimeSpan.FromMilliseconds(80), LatencySigma = 0.5, Seed = 3 };
        var drawn = Draw(knobs, 4001).Select(fate => fate.Latency.TotalMilliseconds).Order().ToArray();
        Assert.InRange(drawn[2000], 76, 84);
        Assert.InRange(Math.Log(drawn[3366] / drawn[2000]), 0.45, 0.55); // one standard deviation above the median
        Assert.Equal(Draw(knobs, 50), Draw(knobs, 50));
        Assert.NotEqual(Draw(knobs, 50), Draw(knobs with { Seed = 4 }, 50));
    }

    [Fact]
    public void Turning_one_knob_leaves_the_other_draws_as_they_were() => Assert.Equal(
        Draw(new Knobs(), 100).Select(fate => (fate.Latency, fate.Quality)),
        Draw(new Knobs { ErrorRate = 0.5, SafetyRate = 0.5 }, 100).Select(fate => (fate.Latency, fate.Quality)));

    [Fact]
    public async Task The_reported_quality_moves_about_the_knob()
    {
        await using var agent = await RunningAgent.StartAsync("--quality", "0.7", "--seed", "7");
        var sum = 0.0;
        for (var i = 0; i < 200; i++)
        {
            using var response = await AskAsync(agent);
            var score = response.Headers.GetValues("X-Agent-Score").Single().Split('=');
            Assert.Equal("quality", score[0]);
            sum += double.Parse(score[1]);
        }

        Assert.InRange(sum / 200, 0.68, 0.72);
    }

    private static Task<HttpResponseMessage> AskAsync(RunningAgent agent) =>
        agent.PostAsync(new { messages = new[] { new { role = "user", content = "Where is order 1004?" } } });

    private static Fate[] Draw(Knobs knobs, int count)
    {
        var chance = new Chance(knobs);
        return [.. Enumerable.Range(0, count).Select(_ => chance.Next())];
    }
}
