using AgentCanary.Metrics;
using AgentCanary.Testing;
using Microsoft.Extensions.AI;

namespace AgentCanary.Tests.Chat;

/// <summary>A deployment with half of the users on each version, a chat client over it, and a clock.</summary>
internal sealed class ChatWorld
{
    private static readonly StagePlan Halves = new(new Stage(Weight.FromPercent(50)) { BakeTime = TimeSpan.FromHours(1) }, new Stage(Weight.FromPercent(90)), new Stage(Weight.Full));

    public ChatWorld(Action<CanaryDeploymentOptions>? configure = null, StagePlan? plan = null)
    {
        var options = new CanaryDeploymentOptions { TimeProvider = Time, Pepper = 0, Logger = Logger };
        configure?.Invoke(options);
        Deployment = new("v1", "v2", plan ?? Halves, options);
        Client = new(Deployment, Stable, Canary);
    }

    public static IList<ChatMessage> Hello { get; } = [new(ChatRole.User, "hello")];

    public ManualTimeProvider Time { get; } = new();

    public RecordingLogger Logger { get; } = new();

    public FakeChat Stable { get; } = new("v1");

    public FakeChat Canary { get; } = new("v2");

    public CanaryDeployment Deployment { get; }

    public CanaryChatClient Client { get; }

    /// <summary>Finds a user of a version.</summary>
    public string UserOn(string version) => Enumerable.Range(0, 10_000).Select(user => $"user-{user}").First(user => Deployment.Route(user) == version);

    public FakeChat Version(string version) => version == "v2" ? Canary : Stable;

    public ChatOptions OptionsFor(string version) => new ChatOptions().WithStickyKey(UserOn(version));

    public Task<ChatResponse> AskAsync(string version) => Client.GetResponseAsync(Hello, OptionsFor(version));

    public async Task<List<ChatResponseUpdate>> StreamAsync(string version)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in Client.GetStreamingResponseAsync(Hello, OptionsFor(version))) updates.Add(update);
        return updates;
    }

    /// <summary>Lets the ticks complete, and reads what is known of a version.</summary>
    public MetricWindow EvidenceOf(string version)
    {
        Time.Advance(TimeSpan.FromSeconds(3));
        Deployment.Decide();
        return version == "v2" ? Deployment.Evidence.Canary : Deployment.Evidence.Control;
    }

    /// <summary>Tells the one outcome of a version so far.</summary>
    public OutcomeClass OutcomeOf(string version)
    {
        var evidence = EvidenceOf(version);
        Assert.Equal((1, 0), (evidence.Finished, evidence.Missing));
        return Enum.GetValues<OutcomeClass>().Single(outcomeClass => evidence[outcomeClass] == 1);
    }
}
