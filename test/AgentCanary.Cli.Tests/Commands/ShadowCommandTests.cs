using System.Text.Json;
using AgentCanary.Control;
using AgentCanary.Server.Api;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Cli.Tests.Commands;

public sealed class ShadowCommandTests
{
    [Fact]
    public async Task Pairs_are_shown_side_by_side_and_no_text_of_theirs_moves_the_terminal()
    {
        var (exit, output, error) = await RunAsync(new("d1", 11, "Where is 17?\nNow!"), new("d2", 12, "Shipped.\u001b[2J"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal("""
            AT                    REQUEST     STATUS  SIMILARITY  JUDGE  AGREES  STABLE    CANARY
            2026-01-15 12:00:00Z  POST /chat  none             0  split  yes     12 bytes       -

            2026-01-15 12:00:00Z  POST /chat
              request  Where is 17?
                       Now!
              stable   Shipped.\u001b[2J
              canary   (no answer)

            """, output);
    }

    [Fact]
    public async Task Without_texts_the_way_to_them_is_told()
    {
        var (exit, output, _) = await RunAsync(new("d1", 11, null), new("d2", 12, null));
        Assert.Equal(0, exit);
        Assert.Contains("shadow: { keep: 50 }", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_stage_has_a_shadow_the_way_to_one_is_told()
    {
        await using var host = await AdminHost.StartAsync(new FakeRollouts().With(FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec() })));
        var result = await CliProcess.RunAsync(["shadow", "support-agent", "--server", host.Address.ToString()]);
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("Nothing was offered to a shadow of support-agent", result.Output, StringComparison.Ordinal);
        Assert.Contains("shadow: 20%, checks: [ \"shadow_agreement > 0.9\" ]", result.Output, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(PairTextView request, PairTextView stable)
    {
        var pair = new PairView(new(2026, 1, 15, 12, 0, 0, DateTimeKind.Utc), "v1.1.0", 1, 0, "POST /chat", null, 0, "split", true, request, stable, null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.MapGet("/api/v1/rollouts/support-agent/shadow", () => Results.Text(JsonSerializer.Serialize([pair], ApiJson.Wire.ImmutableArrayPairView), "application/json"));
        await server.StartAsync();
        var result = await CliProcess.RunAsync(["shadow", "support-agent", "--server", server.Urls.Single()]);
        return (result.ExitCode, result.Output, result.Error);
    }
}
