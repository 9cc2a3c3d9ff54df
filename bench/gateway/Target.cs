namespace AgentCanary.GatewayBench;

/// <summary>Something that requests are sent to.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="Program">The program whose cost is measured.</param>
internal sealed record Target(string Name, int Port, ChildProgram Program)
{
    public string Url => $"http://127.0.0.1:{Port}";
}
