using System.Text.Json;
using AgentCanary.Routing;
using AgentCanary.Server.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentCanary.Server.Api;

/// <summary>Tells callers that call their agent themselves which version to call. Such a decision counts as a request that began: its outcome is to be reported.</summary>
internal static class DecideEndpoint
{
    private const int LongestKey = 4096;

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/api/v1/decide", DecideAsync)
        .Requires(Permission.Reporter).WithName("decide").WithSummary("Decides which version a request is for; its outcome is to be reported.")
        .Accepts<DecideBody>("application/json").Answers<DecideView>(400, 404, 413, 415);

    private static async Task<IResult> DecideAsync(
        HttpContext context, RolloutRegistry registry, DecisionIds ids, TimeProvider time, CancellationToken cancellationToken)
    {
        var (body, fault) = Read(await RequestBody.ReadAsync(context.Request, cancellationToken));
        if (body is null) return new ProblemResult(new(StatusCodes.Status400BadRequest, ProblemTitles.InvalidRequest, fault));
        if (!registry.Current.TryGetValue(body.Agent!, out var runtime)) return new ProblemResult(RolloutEndpoints.Unknown(body.Agent!));
        var now = time.GetUtcNow();
        var rollout = DecisionId.RolloutOf(runtime.Spec);
        var request = new RouteRequest(body.Key) { Draw = body.Key is null ? (uint)Random.Shared.NextInt64(1L << 32) : 0 };
        var assignment = runtime.Assign(request, new GivenAttributes(body.Attributes));
        var view = new DecideView(assignment.Version, assignment.Variant.WireName, DecisionWords.NameOf(assignment.Reason), ids.Make(rollout, assignment, now, isReported: true));
        return TypedResults.Json(view, ApiJson.Wire.DecideView);
    }

    private static (DecideBody? Body, string Fault) Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var body = bytes.IsEmpty ? null : JsonSerializer.Deserialize(bytes.Span, ApiJson.Wire.DecideBody);
            return body?.Agent is null ? (null, "agent is missing: send {\"agent\":\"NAME\",\"key\":\"USER\"}.")
                : body.Key?.Length > LongestKey ? (null, $"key has {body.Key.Length} characters: at most {LongestKey} are read.")
                : (body, "");
        }
        catch (JsonException exception)
        {
            return (null, $"The body is not what is expected at '{exception.Path}': send {{\"agent\":\"NAME\",\"key\":\"USER\",\"attributes\":{{\"header:x-user-group\":\"staff\"}}}}.");
        }
    }
}
