using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCanary.Server.Api;

/// <summary>The API's description for programs, OpenAPI 3.1, made from the endpoints themselves.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";
    private const string ProblemType = "application/problem+json";

    /// <summary>Registers what makes the document.</summary>
    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services
        .ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Wire);
        })
        .AddOpenApi(Name, document => document.AddDocumentTransformer((description, _, _) =>
        {
            description.Info = new() { Title = "AgentCanary admin API", Version = Name, Description = "See docs/http-api.md." };
            description.Servers?.Clear();
            return Task.CompletedTask;
        }));

    /// <summary>Maps <c>/openapi/v1.json</c>.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapOpenApi("/openapi/{documentName}.json").Requires(Permission.Viewer);

    /// <summary>Declares a JSON answer and the problems that may come in its place.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, params int[] problems)
    {
        endpoint.Produces<T>(StatusCodes.Status200OK, "application/json");
        return endpoint.MayFail(problems);
    }

    /// <summary>Declares problems.</summary>
    public static RouteHandlerBuilder MayFail(this RouteHandlerBuilder endpoint, params int[] problems)
    {
        foreach (var status in problems) endpoint.Produces<Problem>(status, ProblemType);
        return endpoint;
    }
}
