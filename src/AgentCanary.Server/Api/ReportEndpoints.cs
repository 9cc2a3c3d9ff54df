using System.Collections.Immutable;
using System.Text.Json;
using AgentCanary.Server.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentCanary.Server.Api;

/// <summary>Takes outcomes and scores that are told after the answers.</summary>
internal static class ReportEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, "scores", ReportReader.Scores, "Takes scores of requests, up to a week after them.");
        Map(endpoints, "outcomes", ReportReader.Outcomes, "Takes what was found of requests after their answers.");
    }

    private static void Map(
        IEndpointRouteBuilder endpoints, string kind, Func<ReadOnlyMemory<byte>, (ImmutableArray<Report> Reports, ImmutableArray<ItemFault> Faults)> read, string summary) =>
        endpoints.MapPost($"/api/v1/{kind}", (HttpContext context, ReportIntake intake, CancellationToken cancellationToken) => TakeAsync(context, intake, read, cancellationToken))
            .Requires(Permission.Reporter).WithName(kind).WithSummary(summary)
            .Accepts<JsonElement>("application/json").Produces<ReportsView>(StatusCodes.Status202Accepted, "application/json").MayFail(400, 413, 415);

    private static async Task<IResult> TakeAsync(
        HttpContext context, ReportIntake intake, Func<ReadOnlyMemory<byte>, (ImmutableArray<Report> Reports, ImmutableArray<ItemFault> Faults)> read, CancellationToken cancellationToken)
    {
        var (reports, faults) = read(await RequestBody.ReadAsync(context.Request, cancellationToken));
        if (faults.IsEmpty) return TypedResults.Json(ReportsView.Of(intake.Take(reports)), ApiJson.Wire.ReportsView, statusCode: StatusCodes.Status202Accepted);
        return new ProblemResult(new(
            StatusCodes.Status400BadRequest, ProblemTitles.InvalidBatch, $"The batch has {faults.Length} {(faults.Length == 1 ? "fault" : "faults")}; nothing of it was taken: {faults[0].Path} {faults[0].Message}.")
        {
            Errors = faults,
        });
    }
}
