using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentCanary.Protocols;
using AgentCanary.Server.Pins;
using AgentCanary.Spec;
using AgentCanary.Testing;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using static AgentCanary.Server.Gateway.ChatAgent;

namespace AgentCanary.Server.Gateway;

/// <summary>An answer is held back while another could still be given in its place: no longer, and without changing it.</summary>
public sealed class HoldTests
{
    private const string Error = "data: {\"error\":{\"message\":\"boom\"}}\n\n";

    private static readonly string Content = Chunk("""{"content":"from the canary"}""");
    private static readonly string Stables = Role + Chunk("""{"content":"from stable"}""") + Chunk("{}", "\"stop\"") + Done;

    private static readonly (string Answer, bool Breaks, bool IsRescued)[] Streams =
    [
        (Role + Content + Chunk("{}", "\"stop\"") + Done, false, false),
        (": ping\n\n" + Role + Content + Error, false, false),
        (Role + Content, true, false),
        (Error + Done, false, true),
        (Role + Error, true, true),
        (Role + Role + ": ping\n\n", true, true),
        (Role, false, true),
        ("", true, true),
        ("", false, true),
    ];

    [Fact]
    public async Task However_an_answer_is_cut_the_user_gets_one_versions_answer_and_never_a_mix()
    {
        string[] pieces = [];
        var breaks = false;
        await using var stable = await TestAgent.StartAsync(context => StreamAsync(context, Stables));
        await using var canary = await TestAgent.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            foreach (var piece in pieces) await StreamAsync(context, piece);
            if (breaks) context.Abort();
        });
        await using var gateway = await GatewayHost.StartAsync(options => options.RescueMinimum = int.MaxValue, Spec(stable.Address, canary.Address));
        Prop.ForAll(Gen.Choose(0, Streams.Length - 1).ToArbitrary(), Gen.ArrayOf(Gen.Choose(0, 1000)).ToArbitrary(), (index, cuts) =>
        {
            var stream = Streams[index];
            (pieces, breaks) = (Cut(stream.Answer, cuts), stream.Breaks);
            var (text, isWhole) = Ask(gateway.Address).GetAwaiter().GetResult();
            // A reset may overtake what was sent before it: then the answer broke before its content came.
            if (stream.IsRescued || (stream.Breaks && isWhole)) Assert.Equal((Stables, true), (text, isWhole));
            else if (stream.Breaks) Assert.StartsWith(text, stream.Answer, StringComparison.Ordinal);
            else Assert.Equal((stream.Answer, true), (text, isWhole));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        await gateway.BalanceAsync();
    }

    [Fact]
    public void What_was_held_passes_first_then_the_rest_and_nothing_is_changed() => Prop.ForAll<byte[], NonNegativeInt[], PositiveInt>((bytes, cuts, size) =>
    {
        using var body = new HeldAnswer(new Pieces(bytes, cuts.Select(cut => cut.Get)), TimeProvider.System, CancellationToken.None);
        var end = body.HoldAsync(Reader("text/event-stream"), mayHaveContent: true, _ => AnswerEnd.Broken).AsTask().GetAwaiter().GetResult();
        Assert.Equal(AnswerEnd.Complete, end);
        using var copy = new MemoryStream();
        body.CopyToAsync(copy, size.Get).GetAwaiter().GetResult();
        Assert.Equal(bytes, copy.ToArray());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task No_more_than_64_KiB_are_held()
    {
        var bytes = Encoding.ASCII.GetBytes(new string(':', 1 << 20));
        using var body = new HeldAnswer(new MemoryStream(bytes), TimeProvider.System, CancellationToken.None);
        Assert.Null(await body.HoldAsync(Reader("text/event-stream"), mayHaveContent: true, _ => null));
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy);
        Assert.Equal(bytes, copy.ToArray());
    }

    [Fact]
    public async Task A_break_that_was_held_comes_after_what_was_held()
    {
        using var body = new HeldAnswer(new Pieces("data: {}\n\n"u8.ToArray(), []) { Breaks = true }, TimeProvider.System, CancellationToken.None);
        Assert.Equal(AnswerEnd.Broken, await body.HoldAsync(Reader("text/event-stream"), mayHaveContent: true, _ => AnswerEnd.Broken));
        var buffer = new byte[64];
        Assert.Equal("data: {}\n\n"u8.Length, await body.ReadAsync(buffer));
        for (var i = 0; i < 2; i++) await Assert.ThrowsAsync<IOException>(() => body.ReadExactlyAsync(buffer, 0, 1).AsTask());
    }

    [Fact]
    public async Task An_answer_without_content_goes_on_after_two_seconds_with_every_byte()
    {
        var time = new ManualTimeProvider();
        await using var stable = await TestAgent.StartAsync("stable");
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var canary = await TestAgent.StartAsync(async context =>
        {
            await StreamAsync(context, Role);
            await release.Task;
            await StreamAsync(context, Content, Chunk("{}", "\"stop\""), Done);
        });
        await using var gateway = await GatewayHost.StartAsync(time, options => options.FirstByteTimeout = TimeSpan.FromHours(1), Spec(stable.Address, canary.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post());
        var role = client.ReadUntilAsync(Role);
        await Eventually.TrueAsync(() =>
        {
            if (!canary.Requests.IsEmpty) time.Advance(TimeSpan.FromMilliseconds(100));
            return role.IsCompleted;
        });
        Assert.EndsWith(Role, (await role).Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        release.SetResult();
        Assert.Contains(Content, await client.ReadUntilAsync(Done), StringComparison.Ordinal);
        Assert.Equal(OutcomeClass.Ok, (await gateway.Outcomes.SingleAsync()).Class);
        Assert.Empty(stable.Requests);
    }

    [Theory, InlineData(RescueMode.Connect, 100), InlineData(RescueMode.BeforeFirstByte, 0)]
    public async Task Stables_answers_and_those_of_other_rollouts_are_not_held(RescueMode mode, double percent)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var agent = await TestAgent.StartAsync(async context =>
        {
            await StreamAsync(context, Role);
            await release.Task;
        });
        // The clock stands still, so nothing that is held would ever come.
        await using var gateway = await GatewayHost.StartAsync(new ManualTimeProvider(), _ => { }, Some.Spec(agent.Address, agent.Address, percent) with { Rescue = mode });
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post());
        Assert.Contains(Role, await client.ReadUntilAsync(Role), StringComparison.Ordinal);
        release.SetResult();
    }

    [Fact]
    public async Task An_agent_whose_answer_was_replaced_is_told_to_stop()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stable = await TestAgent.StartAsync(context => StreamAsync(context, Stables));
        await using var canary = await TestAgent.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => stopped.TrySetResult());
            await StreamAsync(context, Role, Error);
            await stopped.Task;
        });
        await using var gateway = await GatewayHost.StartAsync(Spec(stable.Address, canary.Address));
        Assert.Equal((Stables, true), await Ask(gateway.Address));
        await stopped.Task.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task Who_leaves_while_an_answer_is_held_has_left_the_canary_and_stable_is_not_asked()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => stopped.TrySetResult());
            await StreamAsync(context, Role);
            await stopped.Task;
        });
        await using var gateway = await GatewayHost.StartAsync(new ManualTimeProvider(), _ => { }, Spec(stable.Address, canary.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post());
        await Eventually.TrueAsync(() => !canary.Requests.IsEmpty);
        client.Reset();
        await stopped.Task.WaitAsync(Eventually.Limit);
        Assert.Equal(OutcomeClass.CanceledByClient, (await gateway.Outcomes.SingleAsync()).Class);
        Assert.Empty(stable.Requests);
    }

    [Fact]
    public async Task Who_leaves_while_stable_answers_has_still_seen_the_canary_fail()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stable = await TestAgent.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => stopped.TrySetResult());
            await stopped.Task;
        });
        await using var canary = await TestAgent.StartAsync(context => StreamAsync(context, Error));
        await using var gateway = await GatewayHost.StartAsync(Spec(stable.Address, canary.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post());
        await Eventually.TrueAsync(() => !stable.Requests.IsEmpty);
        client.Reset();
        await stopped.Task.WaitAsync(Eventually.Limit);
        await gateway.BalanceAsync();
        Assert.Equal(OutcomeClass.ErrorUpstream, (await gateway.Outcomes.SingleAsync()).Class);
    }

    [Fact]
    public async Task A_version_that_is_withdrawn_while_its_answer_is_held_is_cut_and_not_rescued()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync(async context =>
        {
            await StreamAsync(context, Role);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var gateway = await GatewayHost.StartAsync(new ManualTimeProvider(), _ => { }, Spec(stable.Address, canary.Address) with { PinsOnRollback = PinsOnRollback.Cut });
        var answer = gateway.Client.SendAsync("POST", Route, "{}");
        await Eventually.TrueAsync(() => !canary.Requests.IsEmpty);
        var runtime = gateway.Get<RolloutRegistry>().Current["support-agent"];
        runtime.Publish(runtime.State with { Phase = Phase.RolledBack, Pins = PinsOnRollback.Cut });
        gateway.Get<PinBoard>().Cut("support-agent", runtime.Spec.Canary.Version);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await answer).Status);
        Assert.Contains("version_withdrawn", (await answer).Body, StringComparison.Ordinal);
        Assert.Equal(OutcomeClass.Abandoned, (await gateway.Outcomes.SingleAsync()).Class);
        Assert.Empty(stable.Requests);
    }

    private static async Task<(string Text, bool IsWhole)> Ask(Uri gateway)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, Route)) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        var text = new MemoryStream();
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
            await (await response.Content.ReadAsStreamAsync()).CopyToAsync(text);
            return (Encoding.UTF8.GetString(text.ToArray()), true);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return (Encoding.UTF8.GetString(text.ToArray()), false);
        }
    }

    private static string[] Cut(string text, int[] cuts)
    {
        var at = cuts.Select(cut => text.Length == 0 ? 0 : cut % text.Length).Append(0).Append(text.Length).Order().ToArray();
        return [.. at.Zip(at.Skip(1)).Select(pair => text[pair.First..pair.Second])];
    }

    private static string Post() => $"POST {Route} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}";

    private static WatchedAnswer Reader(string type) =>
        new(AgentProtocol.Find("openai-chat")!, new("POST", Route, new NoFields()), new(200, new NoFields(type)), TimeProvider.System, NullLogger.Instance);

    private static RolloutSpec Spec(Uri stable, Uri canary) => Some.Spec(stable, canary, percent: 100) with { Rescue = RescueMode.BeforeFirstByte };

    private sealed class NoFields(string? type = null) : IHeaderFields
    {
        public string? Find(string name) => name == "content-type" ? type : null;
    }

    /// <summary>Bytes that come in pieces, at once or later.</summary>
    private sealed class Pieces(byte[] bytes, IEnumerable<int> sizes) : ForwardOnlyStream
    {
        private readonly Queue<int> _sizes = new(sizes);
        private int _passed;

        public bool Breaks { get; init; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var size = _sizes.TryDequeue(out var next) ? next : bytes.Length;
            if (size % 2 == 0) await Task.Yield();
            var count = Math.Min(Math.Min(buffer.Length, bytes.Length - _passed), 1 + size);
            if (count == 0 && Breaks) throw new IOException("It broke.");
            bytes.AsSpan(_passed, count).CopyTo(buffer.Span);
            _passed += count;
            return count;
        }
    }
}
