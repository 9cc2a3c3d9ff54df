namespace AgentCanary.Server.Gateway;

/// <summary>Follows a stream of server-sent events and knows whether the last one is whole. One stream's, used by one thread at a time.</summary>
internal struct EventBoundary
{
    private int _lineEnds;
    private bool _isInside;

    /// <summary>Gets whether nothing has passed yet, or the last thing that passed was the empty line that ends an event.</summary>
    public readonly bool IsReached => !_isInside;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        // An end of line is LF, CR or CR LF: of the last bytes alone it can be told whether a line without content stands at the end.
        foreach (var unit in bytes.Length > 4 ? Restart(bytes) : bytes)
        {
            if (unit == '\n') _lineEnds++;
            else if (unit != '\r') (_lineEnds, _isInside) = (0, true);
            if (_lineEnds >= 2) _isInside = false;
        }
    }

    private ReadOnlySpan<byte> Restart(ReadOnlySpan<byte> bytes)
    {
        (_lineEnds, _isInside) = (0, true);
        return bytes[^4..];
    }
}
