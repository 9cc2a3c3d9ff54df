namespace AgentCanary.Cli.Demo;

/// <summary>
/// Ends this process with the one that started it. A pipe closes when its owner dies, however it dies, so a child that
/// waits for the end of its standard input outlives nobody.
/// </summary>
internal static class Tether
{
    public const string Variable = "AGENTCANARY_STOP_WITH_STDIN";

    /// <summary>Ties this process to its standard input when the environment asks for it.</summary>
    public static void TieIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) != "1") return;
        new Thread(WaitForEnd) { IsBackground = true, Name = "tether" }.Start();
    }

    private static void WaitForEnd()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        Environment.Exit(0);
    }
}
