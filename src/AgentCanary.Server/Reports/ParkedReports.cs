using Microsoft.Extensions.Hosting;

namespace AgentCanary.Server.Reports;

/// <summary>Looks once a second whether the ids of parked reports are known by now.</summary>
internal sealed class ParkedReports(ReportIntake intake, TimeProvider time) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) intake.Look();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is parked is lost, as evidence may be.
        }
    }
}
