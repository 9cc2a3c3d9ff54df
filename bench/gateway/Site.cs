using System.Net;
using System.Net.Sockets;

namespace AgentCanary.GatewayBench;

/// <summary>The agents and everything that is put in front of them, each a process of its own.</summary>
internal sealed class Site : IDisposable
{
    private readonly List<ChildProgram> _programs = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
    private readonly string _cli;
    private int _stable;
    private int _canary;
    private int _slow;

    private Site(string cli) => _cli = cli;

    public Target Direct { get; private set; } = null!;

    public Target Yarp { get; private set; } = null!;

    public Target Nginx { get; private set; } = null!;

    public Target Ours { get; private set; } = null!;

    public Target NginxSlowMirror { get; private set; } = null!;

    public Target OursShadow { get; private set; } = null!;

    public Target OursSlowShadow { get; private set; } = null!;

    /// <summary>Starts all of it.</summary>
    /// <param name="cli">The published command, AgentCanary.Cli.dll.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Site> StartAsync(string cli, CancellationToken cancellation)
    {
        var site = new Site(cli);
        try
        {
            await site.StartAsync(cancellation);
            return site;
        }
        catch
        {
            site.Dispose();
            throw;
        }
    }

    /// <summary>Reads how many shadow calls a gateway offered and what became of them.</summary>
    public async Task<double> ShadowCallsAsync(Target target, string result, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        var metrics = await client.GetStringAsync($"http://127.0.0.1:{target.Port + 1}/metrics", cancellation);
        return metrics.Split('\n').Where(line => line.StartsWith("agentcanary_gateway_shadow_calls_total{", StringComparison.Ordinal) && line.Contains(result, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _programs.ForEach(program => program.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        Direct = await StartAsync("the agent itself", port => Own("agent", $"{port}", "0"), cancellation);
        _stable = Direct.Port;
        _canary = (await StartAsync("canary", port => Own("agent", $"{port}", "0"), cancellation)).Port;
        _slow = (await StartAsync("slow", port => Own("agent", $"{port}", "100"), cancellation)).Port;
        Yarp = await StartAsync("bare YARP", port => Own("forwarder", $"{port}", $"http://127.0.0.1:{_stable}"), cancellation);
        Nginx = await StartAsync("nginx `split_clients`", port => NginxBy("split", GatewayBench.Nginx.Split(_folder, port, _stable, _canary)), cancellation);
        NginxSlowMirror = await StartAsync("nginx `mirror`, 100 ms slow", port => NginxBy("mirror", GatewayBench.Nginx.Mirror(_folder, port, _stable, _slow)), cancellation);
        Ours = await StartAsync("AgentCanary", port => Serve(port, _canary, "weight: 50%"), cancellation);
        OursShadow = await StartAsync("AgentCanary, shadowing 100 %", port => Serve(port, _canary, "weight: 0, shadow: 100%"), cancellation);
        OursSlowShadow = await StartAsync("AgentCanary, shadow 100 ms slow", port => Serve(port, _slow, "weight: 0, shadow: 100%"), cancellation);
    }

    private async Task<Target> StartAsync(string name, Func<int, string[]> command, CancellationToken cancellation)
    {
        var port = FreePort();
        var words = command(port);
        var program = await ChildProgram.StartAsync(words[0], words[1..], port, Path.Combine(_folder, $"{_programs.Count}.log"), cancellation);
        _programs.Add(program);
        return new(name, port, program);
    }

    private static string[] Own(params string[] arguments) => [Environment.ProcessPath!, .. arguments];

    private string[] NginxBy(string name, string configuration)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        var file = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(file, configuration.Replace(_folder, folder, StringComparison.Ordinal));
        return ["nginx", "-p", folder, "-e", "stderr", "-c", file];
    }

    private string[] Serve(int port, int canary, string stage)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, $"ours-{port}")).FullName;
        var file = Path.Combine(folder, "rollout.yaml");
        File.WriteAllText(file, $$"""
            agent: support
            stable: { version: v1, url: http://127.0.0.1:{{_stable}} }
            canary: { version: v2, url: http://127.0.0.1:{{canary}} }
            sticky: { key: [ header:x-user-id ] }
            stages:
              - { name: measured, {{stage}}, bake: 24h }
              - { name: full, weight: 100% }
            shadow: { safe: [ /v1/chat/completions ], budget: { requests: 1000000000 } }
            """);
        var listen = $"http://127.0.0.1:{port}";
        return [Dotnet, _cli, "serve", "-f", file, "--data-dir", folder, "--listen", listen, "--admin", $"http://127.0.0.1:{port + 1}"];
    }

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    // Two in a row: ours wants one for people as well.
    private static int FreePort()
    {
        for (; ; )
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            try
            {
                using var second = new TcpListener(IPAddress.Loopback, port + 1);
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one then.
            }
        }
    }
}
