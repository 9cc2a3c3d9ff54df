using System.Collections.Concurrent;
using AgentCanary.Server.Outbound;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Gateway;

public sealed class JudgeLogTests
{
    [Theory]
    [InlineData(200, """{"winner":"a"}""", "said different things in the two orders for 16 of 16 pairs"), InlineData(200, """{"winner":"tie"}""")]
    [InlineData(500, "", "1 times so far", "2 times so far", "4 times so far", "8 times so far", "16 times so far")]
    public async Task The_log_warns_of_a_judge_that_is_none_and_is_not_filled_by_it(int status, string answer, params string[] told)
    {
        var log = new Lines();
        using var client = new OutboundClient();
        await using var judge = await TestAgent.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(answer);
        });
        await using (var queues = new JudgeQueues(new JudgeEndpoint(client, TimeProvider.System), new GatewayCounters(), TimeProvider.System, log))
        {
            var answered = 0;
            for (var i = 1; i <= 20; i++)
            {
                queues.Offer(new("support-agent", new(judge.Address.ToString()), new("q", "x", "y"), (_, _) => Interlocked.Increment(ref answered)));
                await Eventually.TrueAsync(() => Volatile.Read(ref answered) == i);
            }
        }

        Assert.Equal(told.Length, log.Written.Count);
        Assert.All(told.Zip(log.Written), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
    }

    private sealed class Lines : ILogger<JudgeQueues>
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Enqueue(formatter(state, exception));
    }
}
