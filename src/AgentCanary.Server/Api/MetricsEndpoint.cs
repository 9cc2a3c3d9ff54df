using AgentCanary.Control;
using AgentCanary.Server.Controller;
using AgentCanary.Server.Gateway;
using AgentCanary.Server.Reports;
using AgentCanary.Server.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace AgentCanary.Server.Api;

/// <summary>Shows counters and rollouts to Prometheus.</summary>
internal static class MetricsEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/metrics", Scrape)
        .Requires(Permission.Anyone).WithName("metrics").WithSummary("Shows the metrics in the Prometheus text format.").Produces<string>(200, "text/plain");

    private static ContentHttpResult Scrape(IRollouts rollouts, RequestTotals totals, GatewayCounters gateway, TraceCounters trace, ReportTotals reports)
    {
        var page = new PrometheusText();
        WriteRequests(page, totals);
        WriteGateway(page, gateway);
        WriteShadows(page, gateway);
        WriteJudges(page, gateway);
        WriteTrace(page, trace);
        WriteReports(page, reports);
        WriteRollouts(page, rollouts);
        return TypedResults.Content(page.ToString(), "text/plain; version=0.0.4; charset=utf-8");
    }

    private static void WriteRequests(PrometheusText page, RequestTotals totals)
    {
        var all = totals.All;
        page.Begin("agentcanary_requests_total", "counter", "Finished requests by the version that served them and how they ended.");
        foreach (var version in all)
        {
            foreach (var outcome in Enum.GetValues<OutcomeClass>()) page.Sample("", [.. LabelsOf(version), ("class", outcome.WireName)], version.Count(outcome));
        }
        page.Begin("agentcanary_requests_in_flight", "gauge", "Requests under way.");
        foreach (var version in all) page.Sample("", LabelsOf(version), version.InFlight);
        page.Begin("agentcanary_request_duration_seconds", "histogram", "How long finished requests took.");
        foreach (var version in all) page.Histogram(LabelsOf(version), VersionTotals.LatencyBounds, version.CountInBucket, version.LatencySum.TotalSeconds);
        page.Begin("agentcanary_unpriced_total", "counter", "Answers of models without a cost although the rollout lists prices: the model is not among them, or the answer did not tell its usage.");
        foreach (var version in all)
        {
            page.Sample("", [.. LabelsOf(version), ("missing", "price")], version.WithoutPrice);
            page.Sample("", [.. LabelsOf(version), ("missing", "usage")], version.WithoutUsage);
        }
    }

    private static void WriteGateway(PrometheusText page, GatewayCounters gateway)
    {
        page.Begin("agentcanary_gateway_refused_total", "counter", "Requests that were refused before they were routed, by reason.");
        foreach (var (reason, count) in gateway.Refused) page.Sample("", [("reason", reason)], count);
        Counter(page, "agentcanary_gateway_received_total", "Requests that came in.", gateway.Received);
        Counter(page, "agentcanary_gateway_gone_total", "Requests whose caller left before they were routed.", gateway.GoneBeforeRouting);
        Counter(page, "agentcanary_gateway_headers_stripped_total", "Headers of callers that would have chosen or faked a variant and were taken off.", gateway.HeadersStripped);
        Counter(page, "agentcanary_gateway_rescued_total", "Requests that stable answered for a canary that failed.", gateway.Rescued);
        Counter(page, "agentcanary_gateway_rescues_denied_total", "Requests that were not rescued because the budget was spent.", gateway.RescuesDenied);
        Counter(page, "agentcanary_gateway_asked_other_total", "Reads that the other version was asked as well, because nobody knew whose the id was.", gateway.AskedOther);
        Counter(page, "agentcanary_gateway_cut_total", "Calls that were ended because their version was rolled back.", gateway.Cut);
        Counter(page, "agentcanary_gateway_bodies_not_edited_total", "Requests whose body could not be given its fields.", gateway.BodiesNotEdited);
        Counter(page, "agentcanary_gateway_bad_reports_total", "Reports of agents that made no sense and were left out.", gateway.BadReports);
    }

    private static void WriteShadows(PrometheusText page, GatewayCounters gateway)
    {
        page.Begin("agentcanary_gateway_shadow_calls_total", "counter", "Requests that were offered to a shadow, by what became of them; those that wait or run are not among them yet.");
        foreach (var (agent, counts) in gateway.Shadows)
        {
            foreach (var (fate, count) in (ReadOnlySpan<(string, long)>)[("sent", counts.Sent), ("dropped", counts.Dropped), ("failed", counts.Failed), ("timed_out", counts.TimedOut), ("over_budget", counts.OverBudget), ("paused", counts.Paused)])
                page.Sample("", [("agent", agent), ("fate", fate)], count);
        }
    }

    private static void WriteJudges(PrometheusText page, GatewayCounters gateway)
    {
        page.Begin("agentcanary_gateway_judge_pairs_total", "counter", "Pairs of answers that a judge was to judge, by what it said in both orders.");
        foreach (var (agent, said) in gateway.Judges)
        {
            foreach (var (verdict, count) in (ReadOnlySpan<(string, long)>)[("canary", said.Canary), ("stable", said.Stable), ("tie", said.Tie), ("split", said.Split), ("refused", said.Refused), ("no_data", said.NoData)])
                page.Sample("", [("agent", agent), ("verdict", verdict)], count);
        }
    }

    private static void WriteTrace(PrometheusText page, TraceCounters trace)
    {
        page.Begin("agentcanary_trace_recording", "gauge", "1 while outcomes are recorded to a file.");
        page.Sample("", [], trace.IsRecording ? 1 : 0);
        Counter(page, "agentcanary_trace_recorded_total", "Outcomes that were recorded.", trace.Recorded);
        Counter(page, "agentcanary_trace_dropped_total", "Outcomes that were not, for the disk was full or too slow.", trace.Dropped);
    }

    private static void Counter(PrometheusText page, string name, string help, long value)
    {
        page.Begin(name, "counter", help);
        page.Sample("", [], value);
    }

    private static void WriteReports(PrometheusText page, ReportTotals reports)
    {
        page.Begin("agentcanary_reports_total", "counter", "Outcomes and scores that were reported after their answers, by what became of them.");
        foreach (var kind in Enum.GetValues<ReportKind>())
        {
            foreach (var fate in Enum.GetValues<ReportFate>())
                page.Sample("", [("kind", kind is ReportKind.Outcome ? "outcome" : "score"), ("fate", ReportsView.NameOf(fate))], reports[kind, fate]);
        }
        page.Begin("agentcanary_reports_parked", "gauge", "Reports that wait until their ids are known.");
        page.Sample("", [], reports.Parked);
    }

    private static void WriteRollouts(PrometheusText page, IRollouts rollouts)
    {
        var snapshots = rollouts.Snapshots;
        page.Begin("agentcanary_rollout_phase", "gauge", "1 for the phase that the rollout is in, 0 for the others.");
        foreach (var snapshot in snapshots)
        {
            foreach (var phase in Enum.GetValues<Phase>())
                page.Sample("", [("agent", snapshot.State.Agent), ("phase", phase.ToString())], snapshot.State.Phase == phase ? 1 : 0);
        }
        Gauge("agentcanary_canary_weight_ratio", "The canary's share of eligible users as it is served now, 0 to 1.", snapshot => snapshot.State.Weight.Fraction);
        Gauge("agentcanary_rollout_stage", "The present stage, from 0.", snapshot => snapshot.State.Stage);
        Gauge("agentcanary_rollout_attempt", "The attempt, from 1.", snapshot => snapshot.State.Attempt);
        Gauge("agentcanary_rollout_revision", "The revision, from 1.", snapshot => snapshot.State.Revision);
        Gauge("agentcanary_rollout_durable", "1 while the state is written to the store.", snapshot => snapshot.IsDurable ? 1 : 0);
        page.Begin("agentcanary_pinned_conversations", "gauge", "Conversations that belong to a version.");
        foreach (var snapshot in snapshots)
        {
            page.Sample("", [("agent", snapshot.State.Agent), ("variant", "canary")], snapshot.Pinned.Canary);
            page.Sample("", [("agent", snapshot.State.Agent), ("variant", "stable")], snapshot.Pinned.Stable);
        }
        page.Begin("agentcanary_outcomes_refused_total", "counter", "Outcomes that were refused because a figure was impossible or the version unknown.");
        foreach (var snapshot in snapshots) page.Sample("", [("agent", snapshot.State.Agent)], snapshot.Refused);

        void Gauge(string name, string help, Func<RolloutSnapshot, double> valueOf)
        {
            page.Begin(name, "gauge", help);
            foreach (var snapshot in snapshots) page.Sample("", [("agent", snapshot.State.Agent)], valueOf(snapshot));
        }
    }

    private static (string Name, string Value)[] LabelsOf(VersionTotals totals) =>
        [("agent", totals.Agent), ("version", totals.Version), ("variant", totals.Variant.WireName)];
}
