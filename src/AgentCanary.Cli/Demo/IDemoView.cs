using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Demo;

/// <summary>Shows a demo while it runs. Called by one thread.</summary>
internal interface IDemoView
{
    /// <summary>Everything runs; the users are about to begin.</summary>
    void Start(DemoSite site);

    /// <summary>The rollout was looked at.</summary>
    void Show(RolloutView rollout, CrowdFigures users, TimeSpan elapsed);

    /// <summary>Nothing more will be shown. May be called without a start.</summary>
    ValueTask EndAsync();
}
