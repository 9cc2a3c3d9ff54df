using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCanary.Tests.Chat;

public sealed class CanaryChatServicesTests
{
    private readonly FakeChat _stable = new("v1");
    private readonly FakeChat _canary = new("v2");

    [Theory]
    [InlineData("support", "support/v1", "support/v2")]
    [InlineData("support-agent", "support/v1", "support/v2")] // the only agent there is
    [InlineData("support", "v1", "v2")]
    public async Task A_chat_client_by_name_routes_over_the_two_of_its_versions(string agent, string stable, string canary)
    {
        await using var provider = Services(agent).AddKeyedSingleton<IChatClient>(stable, _stable).AddKeyedSingleton<IChatClient>(canary, _canary)
            .AddCanaryChatClient("support").BuildServiceProvider();
        var chat = provider.GetRequiredKeyedService<IChatClient>("support");
        var deployment = provider.GetRequiredKeyedService<CanaryDeployment>(agent);
        for (var user = 0; user < 100; user++)
        {
            var answer = await chat.GetResponseAsync(ChatWorld.Hello, new ChatOptions().WithStickyKey($"user-{user}"));
            Assert.Equal(deployment.Route($"user-{user}"), answer.Text);
        }
        Assert.False(_canary.Calls.IsEmpty || _stable.Calls.IsEmpty);
        Assert.Same(chat, provider.GetRequiredKeyedService<IChatClient>("support"));
        Assert.Null(provider.GetService<IChatClient>());
    }

    [Fact]
    public async Task The_agent_may_be_named_where_there_are_several()
    {
        await using var provider = Services("billing").AddAgentCanary("support-agent", Versions)
            .AddKeyedSingleton<IChatClient>("support/v1", _stable).AddKeyedSingleton<IChatClient>("support/v2", _canary)
            .AddCanaryChatClient("support", "support-agent").AddCanaryChatClient("other").BuildServiceProvider();
        Assert.NotNull(provider.GetRequiredKeyedService<IChatClient>("support"));
        var fault = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredKeyedService<IChatClient>("other"));
        Assert.Contains("No agent 'other' is registered for the chat client 'other'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_version_that_is_missing_is_named_at_once()
    {
        await using var provider = Services("support").AddCanaryChatClient("support").BuildServiceProvider();
        var fault = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredKeyedService<IChatClient>("support"));
        Assert.Contains("'support/v1' or 'support/v2'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_taken_is_refused()
    {
        var services = Services("support").AddCanaryChatClient("support");
        Assert.Contains("'support' is registered already", Assert.Throws<ArgumentException>(() => services.AddCanaryChatClient("support")).Message, StringComparison.Ordinal);
    }

    private static IServiceCollection Services(string agent) => new ServiceCollection().AddAgentCanary(agent, Versions);

    private static void Versions(HostedDeploymentOptions options) =>
        (options.StableVersion, options.CanaryVersion, options.Plan) = ("v1", "v2", new(new Stage(Weight.FromPercent(50)) { BakeTime = TimeSpan.FromHours(1) }, new Stage(Weight.Full)));
}
