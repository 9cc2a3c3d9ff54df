using SupportAgent.Chat;

namespace SupportAgent;

/// <summary>Builds the web application of one agent.</summary>
internal static class AgentApplication
{
    private const long LongestBody = 1_000_000;

    public static WebApplication Build(Knobs knobs)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // Who starts the agent tells in one line why it did not start.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.WebHost.UseUrls(knobs.Urls).ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LongestBody);
        var app = builder.Build();
        var endpoint = new ChatEndpoint(knobs, new Chance(knobs), new Agent(), TimeProvider.System);
        app.Use(AnswerQuietlyAsync);
        app.MapPost("/v1/chat/completions", endpoint.AnswerAsync);
        app.MapGet("/v1/models", () => Results.Json(
            new ModelList("list", [new ModelList.Model("support-agent", "model", 0, "support-agent")]), ChatJson.Default.ModelList));
        app.MapGet("/healthz", () => Results.Json(new Health("ok", knobs.Version), ChatJson.Default.Health));
        return app;
    }

    // A caller who leaves is no fault of the agent's.
    private static async Task AnswerQuietlyAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
        }
    }
}
