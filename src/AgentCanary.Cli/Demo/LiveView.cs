using AgentCanary.Server.Api;
using Spectre.Console;

namespace AgentCanary.Cli.Demo;

/// <summary>Shows the demo as a picture that moves, on a terminal.</summary>
internal sealed class LiveView(DemoOptions options, IAnsiConsole console) : IDemoView
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LiveDisplayContext? _context;
    private Task _live = Task.CompletedTask;

    public void Start(DemoSite site)
    {
        console.MarkupLineInterpolated($"[bold]Scenario {options.Scenario.Name}[/]: {options.Scenario.Story}");
        console.WriteLine(options.Clock);
        console.MarkupLineInterpolated($"Users send to [blue]{site.Data}[/], the rollout is at [blue]{site.Admin}api/v1/rollouts/{DemoTerms.Agent}[/]");
        console.WriteLine();
        console.MarkupLine("Its terms:");
        console.Write(new Padder(new Text(site.Terms, new Style(Color.Grey)), new Padding(2, 0)));
        _live = console.Live(new Text("")).AutoClear(false).StartAsync(context =>
        {
            _context = context;
            return _end.Task;
        });
    }

    public void Show(RolloutView rollout, CrowdFigures users, TimeSpan elapsed) => _context?.UpdateTarget(DemoPicture.Draw(rollout, users, elapsed));

    public async ValueTask EndAsync()
    {
        _end.TrySetResult();
        await _live; // the last picture is drawn before anything else is written
    }
}
