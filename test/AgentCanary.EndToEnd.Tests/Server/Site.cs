using System.Net;
using System.Text;
using System.Text.Json;
using AgentCanary.Control;
using AgentCanary.Testing;
using Microsoft.Data.Sqlite;

namespace AgentCanary.EndToEnd.Tests.Server;

/// <summary>Two agents as processes, the server as a process, and users over HTTP.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("agentcanary-site-");
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { Timeout = Eventually.Limit };
    private readonly string _stages;
    private readonly string _mode;
    private readonly string _canaryFields;

    private Site(string stages, string mode, string canaryFields = "") => (_stages, _mode, _canaryFields) = (stages, mode, canaryFields);

    public RunningProcess Stable { get; private set; } = null!;

    public RunningProcess Canary { get; private set; } = null!;

    public RunningProcess Server { get; private set; } = null!;

    public string DataDirectory => Path.Combine(_directory.FullName, "data");

    public string File => Path.Combine(_directory.FullName, "rollout.yaml");

    public Uri Data { get; private set; } = null!;

    public Uri Admin { get; private set; } = null!;

    /// <summary>Starts everything, with two good agents and plain comparison.</summary>
    public static Task<Site> StartAsync(string stages) => StartAsync(stages, "point");

    /// <summary>Starts everything.</summary>
    /// <param name="stages">The stages, as YAML.</param>
    /// <param name="mode">How the versions are compared.</param>
    /// <param name="canaryKnobs">How the canary behaves.</param>
    public static Task<Site> StartAsync(string stages, string mode, params string[] canaryKnobs) => StartAsync(new Site(stages, mode), canaryKnobs);

    /// <summary>Starts everything, with a canary that is the same agent on another model.</summary>
    /// <param name="stages">The stages, as YAML.</param>
    /// <param name="model">The model, which the agent names in its answers; stable's is the caller's: <c>support</c>.</param>
    public static Task<Site> StartWithModelAsync(string stages, string model) => StartAsync(new Site(stages, "sequential", $", set: {{ model: {model} }}"), []);

    private static async Task<Site> StartAsync(Site site, string[] canaryKnobs)
    {
        (site.Stable, site.Canary) = (Agent("v1.0.0"), Agent("v1.1.0", canaryKnobs));
        await System.IO.File.WriteAllTextAsync(site.File, site.Terms(await site.Stable.PrintsAsync("listens on "), await site.Canary.PrintsAsync("listens on ")));
        await site.StartServerAsync();
        return site;
    }

    /// <summary>Starts the server, again on the same data, and waits until it is ready.</summary>
    public async Task StartServerAsync(params string[] options)
    {
        Server = new("AgentCanary.Cli.dll", ["serve", "-f", File, "--data-dir", DataDirectory, "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0", .. options]);
        Data = new(await Server.PrintsAsync("Agents' traffic: "));
        Admin = new((await Server.PrintsAsync("People and the CLI: ")).Split(' ')[0]);
        using var timeout = new CancellationTokenSource(Eventually.Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        do
        {
            using var ready = await _http.GetAsync(new Uri(Admin, "/readyz"), timeout.Token);
            if (ready.IsSuccessStatusCode) break;
        }
        while (await timer.WaitForNextTickAsync(timeout.Token));
        // A machine that stalls may fail the canary's first probe; the next one starts the rollout.
        await RolloutAsync(rollout => rollout.GetProperty("phase").GetString() != "Pending");
    }

    /// <summary>Asks the agent something as a user, and tells who answered.</summary>
    public Task<(HttpStatusCode Status, string? Version)> AskAsync(string user, params (string Name, string Value)[] headers) => AskAsync(user, "support", headers);

    /// <summary>Asks a model of the agent something as a user, and tells who answered.</summary>
    public async Task<(HttpStatusCode Status, string? Version)> AskAsync(string user, string model, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Data, "/v1/chat/completions"));
        request.Headers.Add("x-user-id", user);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Content = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
        return (answer.StatusCode, answer.Headers.TryGetValues("X-Canary-Version", out var versions) ? versions.Single() : null);
    }

    /// <summary>Asks as many users at once, eight at a time, and tells the version of each.</summary>
    public async Task<string?[]> AskAllAsync(int users)
    {
        var versions = new string?[users];
        await Parallel.ForAsync(0, users, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (user, _) => versions[user] = (await AskAsync($"user-{user}")).Version);
        return versions;
    }

    /// <summary>Asks the agent something as a user, and tells who answered, how the answer names its decision, and its own id.</summary>
    public async Task<(string Variant, string Decision, string Answer)> DecideAsync(string user)
    {
        var question = new StringContent("""{"model":"support","messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Data, "/v1/chat/completions")) { Content = question };
        request.Headers.Add("x-user-id", user);
        using var answer = await _http.SendAsync(request);
        var id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
        return (answer.Headers.GetValues("X-Canary-Variant").Single(), answer.Headers.GetValues("X-Canary-Decision").Single(), id);
    }

    /// <summary>Sends JSON to the admin API and reads what it says of it.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string path, string json)
    {
        using var answer = await _http.PostAsync(new Uri(Admin, path), new StringContent(json, Encoding.UTF8, "application/json"));
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>Reads the rollout as the API tells it.</summary>
    public async Task<JsonElement> RolloutAsync() => JsonDocument.Parse(await _http.GetStringAsync(new Uri(Admin, "/api/v1/rollouts/support-agent"))).RootElement;

    /// <summary>Reads the rollout until it looks as it should.</summary>
    public async Task<JsonElement> RolloutAsync(Func<JsonElement, bool> isRight)
    {
        using var timeout = new CancellationTokenSource(Eventually.Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var rollout = await RolloutAsync();
            if (isRight(rollout)) return rollout;
            await timer.WaitForNextTickAsync(timeout.Token);
        }
    }

    /// <summary>Reads the rollout's events, oldest first.</summary>
    public async Task<JsonElement[]> EventsAsync()
    {
        var events = JsonDocument.Parse(await _http.GetStringAsync(new Uri(Admin, "/api/v1/rollouts/support-agent/events?limit=200"))).RootElement;
        return [.. (events.ValueKind is JsonValueKind.Array ? events : events.GetProperty("events")).EnumerateArray()];
    }

    /// <summary>Reads the metrics as Prometheus does.</summary>
    public Task<string> MetricsAsync() => _http.GetStringAsync(new Uri(Admin, "/metrics"));

    /// <summary>Reads the evidence as it stands on the disk, whether the server runs or not; null before the first.</summary>
    public Evidence? Evidence()
    {
        using var file = new SqliteConnection($"Data Source={Path.Combine(DataDirectory, "agentcanary.db")};Mode=ReadOnly;Pooling=False");
        file.Open();
        using var command = file.CreateCommand();
        command.CommandText = "SELECT bytes FROM evidence";
        return command.ExecuteScalar() is byte[] bytes ? Control.Evidence.Read(bytes) : null;
    }

    /// <summary>Keeps users asking until the rollout is in a phase.</summary>
    /// <returns>How many answers were errors.</returns>
    public async Task<int> AskUntilAsync(string phase, int users = 200)
    {
        var errors = 0;
        using var limit = new CancellationTokenSource(Eventually.Limit);
        while ((await RolloutAsync()).GetProperty("phase").GetString() != phase)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Parallel.ForAsync(0, users, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (user, _) =>
            {
                if ((int)(await AskAsync($"user-{user}")).Status >= 500) Interlocked.Increment(ref errors);
            });
        }
        return errors;
    }

    /// <summary>Runs a verb of the command against the server.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var verb = new RunningProcess("AgentCanary.Cli.dll", [.. arguments, "--server", Admin.GetLeftPart(UriPartial.Authority)]);
        return (await verb.EndAsync(), verb.Output, verb.Errors);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        Server?.Dispose();
        Stable.Dispose();
        Canary.Dispose();
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static RunningProcess Agent(string version, params string[] knobs) =>
        new(Path.Combine("demo", "support-agent", "SupportAgent.dll"), ["--version", version, "--port", "0", "--latency-median", "1", "--error-rate", "0", .. knobs]);

    private string Terms(string stable, string canary) => $$"""
        agent: support-agent
        stable: { version: v1.0.0, url: {{stable}} }
        canary: { version: v1.1.0, url: {{canary}}{{_canaryFields}} }
        sticky: { key: [ header:x-user-id ] }
        analysis: { mode: {{_mode}}, outcome_deadline: 10s }
        {{_stages}}
        """;
}
