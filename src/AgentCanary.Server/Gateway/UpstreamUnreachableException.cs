namespace AgentCanary.Server.Gateway;

/// <summary>No connection could be made, so nothing of the request was sent.</summary>
internal sealed class UpstreamUnreachableException(string host, int port, Exception inner)
    : IOException($"No connection to {host}:{port} could be made: {inner.Message}", inner)
{
    /// <summary>Tells whether a failed call never had a connection.</summary>
    public static bool IsCauseOf(Exception? exception)
    {
        for (var fault = exception; fault is not null; fault = fault.InnerException)
        {
            if (fault is UpstreamUnreachableException) return true;
            // A handshake that fails or stalls is also before the first byte of the request.
            if (fault is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }) return true;
            if (fault is OperationCanceledException { InnerException: TimeoutException }) return true;
        }

        return false;
    }
}
