using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;
using AgentCanary.Planning;
using AgentCanary.Server.Gateway;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Traces;

/// <summary>
/// Writes every outcome that the gateway records into a trace, which <c>agentcanary replay</c> reads. A request never waits for it: what the disk cannot take
/// as fast as it comes is dropped, the newest first, and counted. When the disk is full it stops for good and says so once.
/// </summary>
internal sealed class TraceRecorder(TraceOptions options, TracePieces pieces, TraceCounters counters, TimeProvider time, ILogger<TraceRecorder> log) : BackgroundService, IOutcomeTap
{
    private const int WriteBytes = 1 << 16;

    private readonly TraceKeys _keys = new();
    private readonly Channel<TraceEntry> _waiting = Channel.CreateBounded<TraceEntry>(new BoundedChannelOptions(options.MostWaiting) { SingleReader = true });
    private readonly ArrayBufferWriter<byte> _lines = new(WriteBytes * 2);
    private int _lineCount;
    private long _beganAt;

    /// <inheritdoc/>
    public void OnOutcome(string agent, in Assignment assignment, in Outcome outcome, string? key, DateTimeOffset startedAt)
    {
        // By the monotonic clock, so that a wall clock that jumps moves no request: it ends now, and started its latency ago.
        var at = time.GetElapsedTime(_beganAt) - outcome.Latency.GetValueOrDefault();
        if (!_waiting.Writer.TryWrite(new(agent, at, assignment.Arm, key is null ? null : _keys.Hide(key), outcome))) counters.OnDropped();
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        pieces.Begin();
        _beganAt = time.GetTimestamp();
        counters.IsRecording = true;
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Writes what still waits, for as long as stopping may take, and says how much was recorded.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } writing) await Task.WhenAny(writing, Task.Delay(Timeout.Infinite, cancellationToken));
        await base.StopAsync(cancellationToken);
        log.Stopped(counters.Recorded, options.Path, counters.Dropped);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        pieces.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var json = new Utf8JsonWriter(_lines, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
            {
                while (_waiting.Reader.TryRead(out var entry))
                {
                    Append(json, entry);
                    if (_lines.WrittenCount >= WriteBytes) Write();
                }
                Write();
            }
        }
        catch (Exception fault)
        {
            GiveUp(fault); // whatever it is, it must not end the host
        }
        counters.IsRecording = false;
    }

    private void Append(Utf8JsonWriter json, in TraceEntry entry)
    {
        json.Reset(_lines);
        if (!TraceLineWriter.TryWrite(json, entry.Agent, entry.At, entry.Arm, entry.KeyHash?.ToString("x16", CultureInfo.InvariantCulture), entry.Outcome))
        {
            counters.OnDropped();
            return;
        }
        json.Flush();
        _lines.Write("\n"u8);
        _lineCount++;
    }

    private void Write()
    {
        if (_lineCount == 0) return;
        pieces.Write(_lines.WrittenSpan);
        counters.OnRecorded(_lineCount);
        _lines.ResetWrittenCount();
        _lineCount = 0;
    }

    private void GiveUp(Exception fault)
    {
        _waiting.Writer.TryComplete();
        var dropped = _lineCount;
        while (_waiting.Reader.TryRead(out _)) dropped++;
        counters.OnDropped(dropped);
        log.GaveUp(fault.Message, options.Path);
    }
}
