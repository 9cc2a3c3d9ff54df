using AgentCanary.Control;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Api;

/// <summary>Gives every error a body: what routing leaves empty, and what is thrown. Nothing of an unexpected exception reaches the caller.</summary>
internal sealed class ProblemPages(RequestDelegate next, ILogger<ProblemPages> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null }) await ProblemResult.WriteAsync(context, PageOf(context.Response.StatusCode, context.Request));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody reads an answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await ProblemResult.WriteAsync(context, PageOf(exception, context.Request));
        }
    }

    private static Problem PageOf(int status, HttpRequest request) => status switch
    {
        404 => new(status, ProblemTitles.NotFound, $"There is nothing at '{request.Path}': the routes are listed in docs/http-api.md."),
        405 => new(status, ProblemTitles.MethodNotAllowed, $"{request.Method} is not allowed at '{request.Path}': the Allow header names what is."),
        413 => RequestBody.TooLarge,
        415 => new(status, ProblemTitles.MediaType, $"The content type '{request.ContentType}' is not accepted here: send application/json, or application/yaml for a rollout file."),
        _ => new(status, ProblemTitles.InvalidRequest, "The request is not valid."),
    };

    private Problem PageOf(Exception exception, HttpRequest request)
    {
        switch (exception)
        {
            case BadHttpRequestException bad:
                return bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? RequestBody.TooLarge : new(bad.StatusCode, ProblemTitles.InvalidRequest, bad.Message);
            case StoreUnavailableException unavailable:
                logger.StoreFailed(request.Method, request.Path, unavailable);
                return new(StatusCodes.Status503ServiceUnavailable, ProblemTitles.StoreUnavailable, unavailable.Message);
            default:
                logger.Failed(request.Method, request.Path, exception);
                return new(StatusCodes.Status500InternalServerError, ProblemTitles.Internal, "The server failed to answer: its log says why.");
        }
    }
}
