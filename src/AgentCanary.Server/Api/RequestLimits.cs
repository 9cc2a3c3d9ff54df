using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace AgentCanary.Server.Api;

/// <summary>Limits bodies, and refuses those of forms: a page of another origin can send a form without asking, but not JSON or YAML.</summary>
internal sealed class RequestLimits(RequestDelegate next)
{
    private const string Json = "application/json";

    /// <summary>Gets the types of rollout files.</summary>
    public static string[] RolloutFileTypes { get; } = [Json, "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > RequestBody.Longest) return ProblemResult.WriteAsync(context, RequestBody.TooLarge);
        // An unknown route or method is told first: its body is not the mistake.
        if (context.GetEndpoint() is not RouteEndpoint || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return next(context);
        var allowed = HttpMethods.IsPut(request.Method) ? RolloutFileTypes : [Json];
        return IsAllowed(request, allowed) ? next(context) : ProblemResult.WriteAsync(context, new(
            StatusCodes.Status415UnsupportedMediaType, ProblemTitles.MediaType,
            $"The content type '{request.ContentType}' is not accepted here: send {string.Join(" or ", allowed)}."));
    }

    private static bool IsAllowed(HttpRequest request, string[] allowed)
    {
        // An act without a body needs no type: nothing can be smuggled in it, and a page's origin was checked before.
        if (string.IsNullOrEmpty(request.ContentType)) return HttpMethods.IsPost(request.Method) && (request.ContentLength ?? 0) == 0 && request.Headers.TransferEncoding.Count == 0;
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && allowed.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
