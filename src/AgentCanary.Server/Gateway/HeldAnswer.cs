using AgentCanary.Protocols;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// The body of an answer that is held back until its content begins, for at most <see cref="Longest"/> and <see cref="MostBytes"/>. What was held passes first, then the rest, all of it unchanged.
/// When the time is over the read under way goes on, and whoever reads next waits for it. One call's, used by one thread at a time.
/// </summary>
internal sealed class HeldAnswer(Stream rest, TimeProvider time, CancellationToken cancellation) : ForwardOnlyStream
{
    /// <summary>The most bytes that are held.</summary>
    public const int MostBytes = 64 << 10;

    /// <summary>How long an answer without content is held: who fails before it begins mostly fails soon, and a keep-alive must not come late.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private const int FirstBuffer = 4 << 10;

    private readonly CancellationTokenSource _reads = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private byte[] _held = new byte[FirstBuffer];
    private int _length;
    private int _passed;
    private Task<int>? _pending;
    private bool _isEnded;

    /// <summary>Reads until content begins, the answer ends or tells of an error, or there was enough of it.</summary>
    /// <param name="reader">What reads along.</param>
    /// <param name="mayHaveContent">Whether the answer may have content: what stands in a failure is none.</param>
    /// <param name="onFault">Says how the answer ended that broke; null where it was ended by somebody else, which is thrown on.</param>
    /// <returns>How the answer ended; null where it goes on.</returns>
    public async ValueTask<AnswerEnd?> HoldAsync(WatchedAnswer reader, bool mayHaveContent, Func<Exception, AnswerEnd?> onFault)
    {
        var since = time.GetTimestamp();
        while (_length < MostBytes)
        {
            var from = _length;
            try
            {
                if (!await ReadOnAsync(Longest - time.GetElapsedTime(since))) return null;
            }
            catch (Exception fault) when (onFault(fault) is { } end)
            {
                return end; // the read that broke stays, and breaks again for whoever comes to it
            }

            if (_isEnded) return AnswerEnd.Complete;
            reader.Read(_held.AsSpan(from.._length));
            if (mayHaveContent && reader.HasContent) return null;
            if (reader.HasFailed) return AnswerEnd.Complete;
        }

        return null;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_passed == _length && _pending is not null) await TakeAsync(cancellationToken);
        if (_passed < _length) return Pass(buffer.Span);
        return _isEnded ? 0 : await rest.ReadAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // A stream is not disposed under a read.
            if (_pending is { IsCompleted: false }) _reads.Cancel();
            rest.Dispose();
            _reads.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<bool> ReadOnAsync(TimeSpan left)
    {
        if (_length == _held.Length) Array.Resize(ref _held, Math.Min(MostBytes, 2 * _length));
        _pending = rest.ReadAsync(_held.AsMemory(_length), _reads.Token).AsTask();
        if (!_pending.IsCompleted)
        {
            if (left <= TimeSpan.Zero) return false;
            try
            {
                await _pending.WaitAsync(left, time);
            }
            catch (TimeoutException) when (!_pending.IsFaulted)
            {
                return false;
            }
        }

        await TakeAsync(CancellationToken.None);
        return true;
    }

    private async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        var read = await _pending!.WaitAsync(cancellationToken);
        _pending = null;
        _length += read;
        _isEnded = read == 0;
    }

    private int Pass(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _length - _passed);
        _held.AsSpan(_passed, count).CopyTo(buffer);
        _passed += count;
        // A long stream does not keep what has passed, once nothing is read into it any more.
        if (_passed == _length && _pending is null) (_held, _length, _passed) = ([], 0, 0);
        return count;
    }
}
