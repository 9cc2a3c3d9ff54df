using System.Collections.Concurrent;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Cli.Tests.Commands;

public sealed class ApiClientTests
{
    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    [Fact]
    public async Task The_key_comes_from_the_environment_and_is_never_printed()
    {
        var seen = new ConcurrentQueue<string>();
        await using var app = await ServeAsync(context =>
        {
            seen.Enqueue(context.Request.Headers.Authorization.ToString());
            return context.Response.WriteAsJsonAsync(Array.Empty<int>());
        });

        var result = await CliProcess.RunAsync(["list", "--server", app.Urls.Single(), "--api-key", "env:SOME_KEY"], ("SOME_KEY", "s3cret"));

        Assert.Equal((0, "Bearer s3cret"), (result.ExitCode, Assert.Single(seen)));
        Assert.DoesNotContain("s3cret", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(302, "text/html", "")]
    [InlineData(500, "text/html", "<h1>oh</h1>")]
    [InlineData(404, "application/problem+json", "no json")]
    public async Task Another_server_s_answer_is_a_failure_that_names_the_option(int status, string contentType, string body)
    {
        await using var app = await ServeAsync(context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, contentType);
            context.Response.Headers.Location = "http://127.0.0.1:9/";
            return context.Response.WriteAsync(body);
        });

        var result = await CliProcess.RunAsync(["list", "--server", app.Urls.Single()]);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("check --server URL", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"agent\":null}]")]
    [InlineData("hello")]
    [InlineData("null")]
    public async Task An_answer_that_is_not_the_api_s_is_as_good_as_no_server(string body)
    {
        await using var app = await ServeAsync(context => context.Response.WriteAsync(body));

        var result = await CliProcess.RunAsync(["list", "--server", app.Urls.Single()]);

        Assert.Equal((3, ""), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData(401, 4)]
    [InlineData(403, 4)]
    [InlineData(409, 4)]
    [InlineData(421, 4)]
    [InlineData(400, 1)]
    [InlineData(404, 1)]
    [InlineData(503, 1)]
    [InlineData(507, 1)]
    public async Task Each_problem_has_its_exit_code(int status, int exitCode)
    {
        await using var app = await ServeAsync(context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, "application/problem+json");
            return context.Response.WriteAsync($$"""{"type":"urn:agentcanary:problem:new","title":"New","status":{{status}},"detail":"Do this.","unknown":7}""");
        });

        var result = await CliProcess.RunAsync(["status", "support-agent", "--server", app.Urls.Single()]);

        Assert.Equal((exitCode, "", "New: Do this.\n"), (result.ExitCode, result.Output, result.Error));
    }
}
