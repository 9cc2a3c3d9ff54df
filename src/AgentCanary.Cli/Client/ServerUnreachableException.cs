namespace AgentCanary.Cli.Client;

/// <summary>No answer came from the server.</summary>
/// <param name="server">The server's address.</param>
/// <param name="why">What went wrong.</param>
/// <param name="inner">What the network said.</param>
internal sealed class ServerUnreachableException(Uri server, string why, Exception? inner = null) : Exception(
    $"The server at {server} cannot be reached: {why} Start it with 'agentcanary serve', or name another one with --server URL.", inner);
