using AgentCanary.Control;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Reports;

/// <summary>
/// Keeps in the store which reports came, so that each counts once across restarts, and looks once a second whether the ids of parked reports are known by now. Thread-safe.
/// </summary>
internal sealed class ReportKeeper(ReportIntake intake, IReportStore store, TimeProvider time, ILogger<ReportKeeper> log) : BackgroundService
{
    private const int MostRows = 10_000;
    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _trimmedAt = time.GetTimestamp();

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _gate.Dispose();
    }

    /// <summary>Goes on with what the store knows, before the first report comes.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken) => intake.Load(await store.ReadAsync(SeenReports.Most, cancellationToken));

    /// <summary>Writes what came until now. When it returns, each report that has come before the call is kept, or the store cannot keep it.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            while (intake.PeekUnwritten(MostRows) is { IsEmpty: false } rows)
            {
                await store.WriteAsync(rows, cancellationToken);
                intake.RemoveWritten(rows.Length);
            }
        }
        catch (StoreUnavailableException fault)
        {
            log.ReportsNotWritten(fault);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                intake.Look();
                await KeepAsync(stoppingToken);
                await TrimAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what came last is kept below.
        }
        await KeepAsync(CancellationToken.None);
    }

    private async Task TrimAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_trimmedAt) < TrimEvery) return;
        _trimmedAt = time.GetTimestamp();
        try
        {
            // Nothing older can still count, so nobody needs to know that it came.
            var before = (time.GetUtcNow() - ReportRule.Latest - ReportRule.Parking).ToUnixTimeSeconds();
            await store.TrimAsync((uint)Math.Max(0, before), SeenReports.Most, cancellationToken);
        }
        catch (StoreUnavailableException fault)
        {
            log.ReportsNotWritten(fault);
        }
    }
}
