using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace AgentCanary.Benchmarks.Peers;

/// <summary>The same share of users by Microsoft.FeatureManagement, set up as its pages say: a flag with the targeting filter, and one with two variants.</summary>
internal sealed class FeatureFlag
{
    private const string Targeted = "support-agent";
    private const string Varied = "support-agent-version";

    private readonly IVariantFeatureManager _features;

    public FeatureFlag(int percent)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings(percent)).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        services.AddFeatureManagement().AddFeatureFilter<ContextualTargetingFilter>();
        _features = services.BuildServiceProvider().GetRequiredService<IVariantFeatureManager>();
    }

    public bool IsEnabled(string user) => Result(_features.IsEnabledAsync(Targeted, new TargetingContext { UserId = user }));

    public bool IsCanary(string user) => Result(_features.GetVariantAsync(Varied, new TargetingContext { UserId = user })).Name == "v1.1.0";

    // Both complete at once, so nothing waits here.
    private static T Result<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();

    private static Dictionary<string, string?> Settings(int percent)
    {
        const string flags = "feature_management:feature_flags";
        return new()
        {
            [$"{flags}:0:id"] = Targeted,
            [$"{flags}:0:enabled"] = "true",
            [$"{flags}:0:conditions:client_filters:0:name"] = "Microsoft.Targeting",
            [$"{flags}:0:conditions:client_filters:0:parameters:Audience:DefaultRolloutPercentage"] = $"{percent}",
            [$"{flags}:1:id"] = Varied,
            [$"{flags}:1:enabled"] = "true",
            [$"{flags}:1:variants:0:name"] = "v1.0.0",
            [$"{flags}:1:variants:1:name"] = "v1.1.0",
            [$"{flags}:1:allocation:percentile:0:variant"] = "v1.1.0",
            [$"{flags}:1:allocation:percentile:0:from"] = "0",
            [$"{flags}:1:allocation:percentile:0:to"] = $"{percent}",
            [$"{flags}:1:allocation:default_when_enabled"] = "v1.0.0",
        };
    }
}
