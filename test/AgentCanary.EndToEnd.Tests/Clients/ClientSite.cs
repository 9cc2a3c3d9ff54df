using System.Diagnostics;
using System.Text.Json;
using AgentCanary.EndToEnd.Tests.Architecture;
using AgentCanary.EndToEnd.Tests.Server;

namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>
/// A client that nobody here wrote, in a program of <c>test/clients/checks</c>, against two agents of <c>test/clients/agents</c> behind a gateway, each a process. The program
/// runs once; its tests read what it found.
/// </summary>
/// <param name="protocol">The name of the two programs.</param>
/// <param name="check">The name of the program that checks, where it is another one.</param>
/// <param name="rescue">When stable answers for the canary.</param>
public abstract class ClientSite(string protocol, string? check = null, string rescue = "connect") : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("agentcanary-clients-");
    private readonly List<RunningProcess> _processes = [];
    private Dictionary<string, JsonElement> _found = [];
    private int _exitCode;
    private string _said = "";

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null) return;
        var (stable, canary) = (Node("agents", protocol, "--version", "v1.0.0"), Node("agents", protocol, "--version", "v1.1.0"));
        string[] agents = [await stable.PrintsAsync("listens on "), await canary.PrintsAsync("listens on ")];
        var file = Path.Combine(_directory.FullName, "rollout.yaml");
        await File.WriteAllTextAsync(file, Terms(agents[0], agents[1]));
        var server = Run(new("AgentCanary.Cli.dll", ["serve", "-f", file, "--data-dir", Path.Combine(_directory.FullName, "data"), "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0"]));
        string[] listeners = [await server.PrintsAsync("Agents' traffic: "), (await server.PrintsAsync("People and the CLI: ")).Split(' ')[0]];
        var checks = Node("checks", check ?? protocol, [.. listeners.Select(address => address.TrimEnd('/')), .. agents]);
        _exitCode = await checks.EndAsync();
        _said = $"{checks.Output}\n{checks.Errors}\n{server.Errors}\n{stable.Errors}\n{canary.Errors}";
        _found = checks.Output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(line => line.GetProperty("check").GetString()!);
    }

    public Task DisposeAsync()
    {
        foreach (var process in _processes) process.Dispose();
        _directory.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Holds a sentence against what the program found.</summary>
    internal void Holds(string sentence)
    {
        Assert.True(_found.TryGetValue(sentence, out var line), $"The program did not come to '{sentence}'.\n{_said}");
        Assert.True(line.GetProperty("ok").GetBoolean(), line.GetProperty("detail").GetString());
    }

    /// <summary>Holds that the program found nothing wrong, and nothing that no test asks for.</summary>
    internal void FoundNothingElse(int sentences)
    {
        Assert.True(_exitCode == 0, _said);
        Assert.Equal(sentences, _found.Count);
    }

    private RunningProcess Node(string folder, string name, params IEnumerable<string> arguments) =>
        Run(new(new ProcessStartInfo("node", [Repository.PathOf("test", "clients", folder, name + ".mjs"), .. arguments])));

    private RunningProcess Run(RunningProcess process)
    {
        _processes.Add(process);
        return process;
    }

    private string Terms(string stable, string canary) => $$"""
        agent: clients
        stable: { version: v1.0.0, url: {{stable}} }
        canary: { version: v1.1.0, url: {{canary}} }
        rescue: {{rescue}}
        analysis: { mode: point, outcome_deadline: 10s }
        stages:
          - { name: quarter, weight: 25%, min_requests: 20, approval: true, checks: [ success_rate >= 0.5, safety_violations == 0 ] }
          - { name: half, weight: 50%, min_requests: 20, approval: true, checks: [ success_rate >= 0.5, safety_violations == 0 ] }
          - { name: full, weight: 100% }
        """;
}
