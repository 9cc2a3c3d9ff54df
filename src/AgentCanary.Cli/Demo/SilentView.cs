using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Demo;

/// <summary>Shows nothing, for readers that are programs.</summary>
internal sealed class SilentView : IDemoView
{
    public void Start(DemoSite site)
    {
    }

    public void Show(RolloutView rollout, CrowdFigures users, TimeSpan elapsed)
    {
    }

    public ValueTask EndAsync() => ValueTask.CompletedTask;
}
