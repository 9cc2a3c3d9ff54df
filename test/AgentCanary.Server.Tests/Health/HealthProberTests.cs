using System.Collections.Immutable;
using AgentCanary.Server.Gateway;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentCanary.Server.Health;

public sealed class HealthProberTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly RolloutRegistry _registry = new();
    private readonly HealthBoard _board = new();
    private readonly GatewayOptions _options = new() { ProbeTimeout = TimeSpan.FromHours(1) };
    private HealthProber? _prober;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_prober is not null) await _prober.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Every_version_is_probed_at_once_before_any_time_has_passed()
    {
        await using var agent = await TestAgent.StartAsync("ok");
        await StartAsync(Some.Spec(agent.Address, RawAgent.Nobody()));
        await Eventually.TrueAsync(() => Of(Some.Stable).IsProbed && Of(Some.Canary).IsProbed);
        Assert.Equal((true, false), (Of(Some.Stable).IsReady, Of(Some.Canary).IsReady));
        Assert.NotEmpty(Of(Some.Canary).LastFault);
    }

    [Fact]
    public async Task A_version_without_a_probe_is_asked_each_second_until_it_answers_and_then_left_alone()
    {
        await using var agent = new RawAgent((_, _) => Task.CompletedTask);
        await StartAsync(Some.Spec(agent.Address, agent.Address) with { Health = null });
        await Eventually.TrueAsync(() => Of(Some.Stable).IsReady && Of(Some.Canary).IsReady && agent.Connections == 2);
        for (var i = 0; i < 50; i++) _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, agent.Connections);
    }

    [Fact]
    public async Task An_http_probe_follows_the_status_through_failure_and_back()
    {
        var status = 200;
        await using var agent = await TestAgent.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        await StartAsync(Some.Spec(agent.Address, agent.Address) with { Health = new() { Path = "/healthz", Interval = TimeSpan.FromSeconds(5), UnhealthyAfter = 3 } });
        await Eventually.TrueAsync(() => Of(Some.Canary).IsReady);
        Volatile.Write(ref status, 503);
        await AdvanceUntilAsync(() => Of(Some.Canary).UnhealthySince is not null);
        Assert.True(Of(Some.Canary).FailedInARow >= 3);
        Assert.Contains("/healthz answered 503", Of(Some.Canary).LastFault, StringComparison.Ordinal);
        Assert.True(Of(Some.Canary).IsReady);
        Volatile.Write(ref status, 204);
        await AdvanceUntilAsync(() => Of(Some.Canary) is { UnhealthySince: null, FailedInARow: 0 });
        Assert.All(agent.Requests, request => Assert.Equal("GET /healthz", request.Line));
    }

    [Fact]
    public async Task A_new_version_is_probed_and_one_that_is_gone_no_longer()
    {
        await using var first = await TestAgent.StartAsync("first");
        await using var second = await TestAgent.StartAsync("second");
        var health = new HealthSpec { Path = "/healthz", Interval = TimeSpan.FromSeconds(1) };
        await StartAsync(Some.Spec(first.Address, first.Address) with { Health = health });
        await Eventually.TrueAsync(() => Of(Some.Canary).IsReady);
        var next = Some.Spec(second.Address, second.Address) with { Health = health };
        _registry.Publish(Some.Published(next with { Canary = next.Canary with { Version = "v2" } }));
        await AdvanceUntilAsync(() => Of("v2").IsReady && Of(Some.Stable).IsReady);
        var before = first.Requests.Count;
        var seen = second.Requests.Count;
        await AdvanceUntilAsync(() => second.Requests.Count > seen + 6);
        Assert.InRange(first.Requests.Count, before, before + 2); // what was under way when the change came
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_program_probes_only_where_the_server_allows_it_and_its_arguments_meet_no_shell(bool isAllowed)
    {
        _options.AllowExecProbes = isAllowed;
        var spec = Some.Spec(RawAgent.Nobody(), RawAgent.Nobody());
        await StartAsync(spec with
        {
            Stable = spec.Stable with { Health = new() { Command = ["test", "a; exit 1", "=", "a; exit 1"] } },
            Canary = spec.Canary with { Health = new() { Command = ["test", "a", "=", "b"] } },
        });
        await Eventually.TrueAsync(() => Of(Some.Stable).IsProbed && Of(Some.Canary).IsProbed);
        Assert.Equal(isAllowed, Of(Some.Stable).IsReady);
        Assert.Contains(isAllowed ? "exit code 1" : "--allow-exec-probes", Of(Some.Canary).LastFault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_that_hangs_ends_with_its_time()
    {
        _options.ProbeTimeout = TimeSpan.FromSeconds(2);
        await using var agent = RawAgent.Silent();
        await StartAsync(Some.Spec(agent.Address, agent.Address) with { Health = new() { Path = "/healthz" } });
        await AdvanceUntilAsync(() => Of(Some.Stable).IsProbed);
        Assert.Equal("no answer within 2 s", Of(Some.Stable).LastFault);
    }

    [Fact]
    public async Task A_probe_that_fails_in_the_moment_it_is_called_off_has_failed_and_throws_nothing()
    {
        using var probe = new HealthProbe(TimeSpan.FromHours(1), allowsExec: true, _time);
        var target = new HealthTarget("support-agent", Some.Canary, "http://127.0.0.1:1", new() { Command = ["/no/such/program"] });
        Assert.Contains("/no/such/program", await probe.ProbeAsync(target, new CancellationToken(canceled: true)), StringComparison.Ordinal);
    }

    private async Task StartAsync(RolloutSpec spec)
    {
        _registry.Publish(Some.Published(spec));
        _prober = new(_registry, _board, Options.Create(_options), _time, NullLogger<HealthProber>.Instance);
        await _prober.StartAsync(CancellationToken.None);
    }

    private VersionHealth Of(string version) => _board.Find("support-agent", version);

    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return condition();
    });
}
