using System.Net;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>A shadow that fails, hangs, is slow, dropped, over its budget and rate-limited all at once, and users who see nothing of it.</summary>
public sealed class ShadowLoadTests
{
    private const int Users = 8;
    private const int Each = 100;
    private const int Budget = 150;

    [Fact]
    public async Task Every_call_that_was_offered_ends_in_exactly_one_way_and_every_user_has_stables_answer()
    {
        var reached = 0;
        await using var stable = await TestAgent.StartAsync(context =>
        {
            var number = int.Parse(context.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
            context.Response.StatusCode = IsLimited(number) ? 429 : 200;
            if (IsLimited(number)) context.Response.Headers.RetryAfter = "1";
            return context.Response.WriteAsync($"stable {number}");
        });
        await using var canary = await TestAgent.StartAsync(async context =>
        {
            switch (Interlocked.Increment(ref reached) % 5)
            {
                case 0: context.Abort(); break;
                case 1: await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); break;
                case 2: context.Response.StatusCode = 500; break;
                default: await context.Response.WriteAsync("another answer"); break;
            }
        });
        var spec = Some.Spec(stable.Address, canary.Address, percent: 0);
        await using var gateway = await GatewayHost.StartAsync(options => options.ShadowTimeout = TimeSpan.FromMilliseconds(50), spec with
        {
            Stages = [spec.Stages[0] with { Shadow = Weight.Full }, spec.Stages[1]],
            Shadow = new() { Budget = new() { Requests = Budget } },
        });

        await Task.WhenAll(Enumerable.Range(0, Users).Select(user => UseAsync(gateway, user)));
        var good = Enumerable.Range(0, Users * Each).Count(number => !IsLimited(number));
        await Eventually.TrueAsync(() => gateway.Counters.Shadows.GetValueOrDefault("support-agent") is { Pending: 0 } counts && counts.Offered == good);

        var counts = gateway.Counters.Shadows["support-agent"];
        Assert.Equal(good, counts.Sent + counts.Dropped + counts.Failed + counts.TimedOut + counts.OverBudget + counts.Paused);
        Assert.InRange(counts.Sent + counts.Failed + counts.TimedOut, 1, Budget);
        Assert.InRange(reached, 0, Budget);
        Assert.Equal(Users * Each, stable.Requests.Count);
        await gateway.BalanceAsync();
        Assert.Equal(Users * Each, gateway.Outcomes.All.Count);
    }

    // In the midst of what two users ask, so that the shadow has been asked before.
    private static bool IsLimited(int number) => number is 250 or 690;

    private static async Task UseAsync(GatewayHost gateway, int user)
    {
        for (var i = 0; i < Each; i++)
        {
            var number = (user * Each) + i;
            var answer = await gateway.Client.SendAsync("GET", $"/{number}");
            Assert.Equal((IsLimited(number) ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK, $"stable {number}", "stable"), (answer.Status, answer.Body, answer.Header("X-Canary-Variant")));
        }
    }
}
