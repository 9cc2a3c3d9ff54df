using System.Net;
using System.Net.Sockets;
using AgentCanary.Storage.Sqlite;
using AgentCanary.Testing;

namespace AgentCanary.Cli.Tests.Commands;

/// <summary>What <c>serve</c> refuses before anything listens.</summary>
public sealed class ServeCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("agentcanary-").FullName;

    [Theory]
    [InlineData("Option '--file' is required", "serve")]
    [InlineData("no such file", "serve", "-f", "nowhere.yaml")]
    [InlineData("--store postgres:Host=db is not supported yet: leave it out, or write --store sqlite", "serve", "-f", "x.yaml", "--store", "postgres:Host=db")]
    [InlineData("There is no option '--bogus'", "serve", "-f", "x.yaml", "--bogus")]
    [InlineData("--role gateway is not supported yet", "serve", "-f", "x.yaml", "--role", "gateway")]
    [InlineData("could be reached from other machines, which needs TLS and API keys", "serve", "-f", "x.yaml", "--admin", "http://0.0.0.0:8081")]
    [InlineData("'ftp://x' is not an address", "serve", "-f", "x.yaml", "--listen", "ftp://x")]
    [InlineData("'10.0.0.0/99' is not a network", "serve", "-f", "x.yaml", "--trust-force", "10.0.0.0/99")]
    [InlineData("--record is 'rollout.yaml': name a file that ends with .ndjson", "serve", "-f", "x.yaml", "--record", "rollout.yaml")]
    public async Task A_wrong_command_line_is_refused_with_what_would_be_right(string said, params string[] arguments)
    {
        var result = await CliProcess.RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_wrong_pepper_is_refused_at_the_start_also_where_no_rollout_would_read_it()
    {
        var result = await CliProcess.RunAsync(["serve", "-f", await FileAsync()], ("AGENTCANARY_PEPPER", "secret"));
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.StartsWith("AGENTCANARY_PEPPER must be an unsigned 64-bit number", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--listen", "--admin")]
    [InlineData("--admin", "--listen")]
    public async Task An_address_that_is_taken_is_told_in_one_line_that_says_what_to_do(string taken, string free)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://{other.LocalEndpoint}";
        var result = await CliProcess.RunAsync(["serve", "-f", await FileAsync(), "--data-dir", Path.Combine(_directory, "data"), taken, address, free, "http://127.0.0.1:0"]);
        Assert.Equal((ExitCode.Failed, ""), (result.ExitCode, result.Output));
        Assert.Contains($"Failed to bind to address {address}: address already in use: stop what listens there, or name another address", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);

        // A rollout that had begun would have baked until the next start.
        Assert.DoesNotContain("Progressing", result.Error, StringComparison.Ordinal);
        await using var store = await SqliteRolloutStore.OpenAsync(Path.Combine(_directory, "data"), CancellationToken.None);
        Assert.Empty(await store.ReadAllAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_trace_that_cannot_be_written_is_told_and_nothing_listens()
    {
        var trace = Path.Combine(_directory, "nowhere", "trace.ndjson");
        var result = await CliProcess.RunAsync(["serve", "-f", await FileAsync(), "--data-dir", Path.Combine(_directory, "data"), "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0", "--record", trace]);
        Assert.Equal((ExitCode.Failed, ""), (result.ExitCode, result.Output));
        Assert.Contains(trace, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<string> FileAsync()
    {
        var file = Path.Combine(_directory, "rollout.yaml");
        await File.WriteAllTextAsync(file, FakeRollouts.File());
        return file;
    }
}
