using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Api;

/// <summary>Answers with a problem.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    private const string ContentType = "application/problem+json";

    public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, problem);

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = ContentType;
        return JsonSerializer.SerializeAsync(context.Response.Body, problem, ApiJson.Wire.Problem, context.RequestAborted);
    }
}
