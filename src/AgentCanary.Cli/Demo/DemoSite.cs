using System.Globalization;
using System.Text;

namespace AgentCanary.Cli.Demo;

/// <summary>The running parts of a demo: two agents, the server, and the directory that holds its data. All end with it.</summary>
internal sealed class DemoSite : IAsyncDisposable
{
    private const int ServerAttempts = 3;
    private const int WarmUpRequests = 40;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    private readonly List<ChildProcess> _children = [];
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("agentcanary-demo-");
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    private DemoSite(HttpClient http, TimeProvider time) => (_http, _time) = (http, time);

    /// <summary>Gets where users send their requests.</summary>
    public Uri Data { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Gets where people look at the rollout and act on it.</summary>
    public Uri Admin { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Gets the rollout file.</summary>
    public string Terms { get; private set; } = "";

    /// <summary>Starts everything and waits until it is ready.</summary>
    /// <exception cref="DemoException">A part ended or was not ready in time.</exception>
    public static async Task<DemoSite> StartAsync(DemoOptions options, HttpClient http, TimeProvider time, CancellationToken cancellationToken)
    {
        var site = new DemoSite(http, time);
        try
        {
            var scenario = options.Scenario;
            var agents = await Task.WhenAll(
                site.StartAgentAsync(DemoTerms.StableVersion, 2 * options.Seed, scenario.StableKnobs, cancellationToken),
                site.StartAgentAsync(DemoTerms.CanaryVersion, (2 * options.Seed) + 1, scenario.CanaryKnobs, cancellationToken));
            await Task.WhenAll(agents.Select(agent => site.WarmUpAsync(agent, cancellationToken)));
            site.Terms = DemoTerms.Write(agents[0], agents[1], options);
            await site.StartServerAsync(cancellationToken);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_children.Select(child => child.DisposeAsync().AsTask()));
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody tidied up before us.
        }
    }

    private async Task<Uri> StartAgentAsync(string version, int seed, IEnumerable<string> knobs, CancellationToken cancellationToken)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "demo", "support-agent", "SupportAgent.dll");
        if (!File.Exists(assembly)) throw new DemoException($"The demo's agent is missing: {assembly}. Build or publish the tool again.");
        string[] fixedOptions = ["--version", version, "--port", "0", "--stop-with-stdin", "--seed", seed.ToString(CultureInfo.InvariantCulture)];
        var agent = Begin($"agent {version}", assembly, [.. fixedOptions, .. knobs]);
        var line = await InTimeAsync(agent.ReadFirstLineAsync, $"agent {version}", cancellationToken);
        return new Uri(line[line.LastIndexOf("http", StringComparison.Ordinal)..]);
    }

    // The first requests of a process pay for its compilation; neither version shall be judged by them.
    private Task WarmUpAsync(Uri agent, CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(1, WarmUpRequests).Select(async number =>
    {
        using var body = new StringContent(new SimulatedUser(number).Speak(), Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(agent, "/v1/chat/completions"), body, cancellationToken);
    }));

    // A port that was free may be taken before the server binds it; then another one is tried.
    private async Task StartServerAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(_directory.FullName, "rollout.yaml");
        await File.WriteAllTextAsync(file, Terms, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var ports = FreePorts.Find(2);
            (Data, Admin) = (Local(ports[0]), Local(ports[1]));
            var server = Begin("server", Path.Combine(AppContext.BaseDirectory, "AgentCanary.Cli.dll"),
            [
                "serve", "-f", file, "--data-dir", Path.Combine(_directory.FullName, $"data-{attempt}"),
                "--listen", Data.GetLeftPart(UriPartial.Authority), "--admin", Admin.GetLeftPart(UriPartial.Authority),
            ]);
            if (await IsReadyAsync(server, cancellationToken)) return;
            if (attempt == ServerAttempts) throw server.Died();
        }
    }

    private async Task<bool> IsReadyAsync(ChildProcess server, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (!server.HasExited)
        {
            if (_time.GetElapsedTime(began) > StartLimit) throw new DemoException($"The server was not ready after {StartLimit.TotalSeconds} s.");
            try
            {
                using var answer = await _http.GetAsync(new Uri(Admin, "/readyz"), cancellationToken);
                if (answer.IsSuccessStatusCode) return true;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(AskAgain, _time, cancellationToken);
        }

        return false;
    }

    private ChildProcess Begin(string name, string assembly, IEnumerable<string> arguments)
    {
        var child = ChildProcess.Start(name, assembly, arguments, _directory.FullName);
        lock (_children) _children.Add(child);
        return child;
    }

    private async Task<string> InTimeAsync(Func<CancellationToken, Task<string>> read, string name, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(StartLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await read(either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new DemoException($"The {name} was not ready after {StartLimit.TotalSeconds} s.");
        }
    }

    private static Uri Local(int port) => new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/");
}
