using System.Diagnostics;
using System.Text.Json;
using AgentCanary.EndToEnd.Tests.Architecture;
using AgentCanary.EndToEnd.Tests.Server;

namespace AgentCanary.EndToEnd.Tests.Clients;

/// <summary>
/// Clients that nobody here wrote, in a program of <c>test/clients/checks</c>, against agents of <c>test/clients/agents</c> behind a gateway, each a process: two versions of
/// each agent. Its rollout has the agent's name, where there are several, else the program's. The program runs once; its tests read what it found.
/// </summary>
/// <param name="program">The name of the program, and of its one agent where no others are named.</param>
/// <param name="agents">The names of its agents.</param>
public abstract class ClientSite(string program, params string[] agents) : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("agentcanary-clients-");
    private readonly List<RunningProcess> _processes = [];
    private Dictionary<string, JsonElement> _found = [];
    private int _exitCode;
    private string _said = "";

    /// <summary>Gets when stable answers for the canary.</summary>
    protected virtual string Rescue => "connect";

    /// <summary>Gets the stages of its rollouts, as YAML.</summary>
    protected virtual string Stages => """
        stages:
          - { name: quarter, weight: 25%, min_requests: 20, approval: true, checks: [ success_rate >= 0.5, safety_violations == 0 ] }
          - { name: half, weight: 50%, min_requests: 20, approval: true, checks: [ success_rate >= 0.5, safety_violations == 0 ] }
          - { name: full, weight: 100% }
        """;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null) return;
        var (terms, addresses) = await StartAgentsAsync();
        var file = Path.Combine(_directory.FullName, "rollout.yaml");
        await File.WriteAllTextAsync(file, string.Join("\n---\n", terms));
        var server = Run(new("AgentCanary.Cli.dll", ["serve", "-f", file, "--data-dir", Path.Combine(_directory.FullName, "data"), "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0"]));
        string[] listeners = [await server.PrintsAsync("Agents' traffic: "), (await server.PrintsAsync("People and the CLI: ")).Split(' ')[0]];
        var checks = Node("checks", program, [.. listeners.Select(address => address.TrimEnd('/')), .. addresses]);
        _exitCode = await checks.EndAsync();
        _said = string.Join('\n', [checks.Output, .. _processes.Select(process => process.Errors)]);
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

    private async Task<(List<string> Terms, List<string> Addresses)> StartAgentsAsync()
    {
        var (terms, addresses) = (new List<string>(), new List<string>());
        var versions = (agents is [] ? [program] : agents).Select(agent => (Agent: agent, Stable: Node("agents", agent, "--version", "v1.0.0"), Canary: Node("agents", agent, "--version", "v1.1.0"))).ToArray();
        foreach (var (agent, stable, canary) in versions)
        {
            addresses.AddRange([await stable.PrintsAsync("listens on "), await canary.PrintsAsync("listens on ")]);
            terms.Add(Terms(versions.Length > 1 ? agent : program, addresses[^2], addresses[^1]));
        }

        return (terms, addresses);
    }

    private RunningProcess Node(string folder, string name, params IEnumerable<string> arguments) =>
        Run(new(new ProcessStartInfo("node", [Repository.PathOf("test", "clients", folder, name + ".mjs"), .. arguments])));

    private RunningProcess Run(RunningProcess process)
    {
        _processes.Add(process);
        return process;
    }

    private string Terms(string agent, string stable, string canary) => $$"""
        agent: {{agent}}
        stable: { version: v1.0.0, url: {{stable}} }
        canary: { version: v1.1.0, url: {{canary}} }
        rescue: {{Rescue}}
        analysis: { mode: point, outcome_deadline: 10s }
        {{Stages}}
        """;
}
