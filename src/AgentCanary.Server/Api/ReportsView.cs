using System.Collections.Immutable;
using AgentCanary.Control;

namespace AgentCanary.Server.Api;

/// <summary>What became of a batch of reports, as JSON: how many met each fate. All of them add up to those that were received.</summary>
/// <param name="Received">How many came.</param>
/// <param name="Counted">How many count for the version, the arm and the stage that served.</param>
/// <param name="Duplicates">How many came before.</param>
/// <param name="Parked">How many wait up to a day until their ids are known.</param>
/// <param name="Orphaned">How many name a request that nobody knows.</param>
/// <param name="TooOld">How many are about requests of more than a week ago.</param>
/// <param name="Outside">How many are about requests that count for neither side.</param>
/// <param name="Over">How many are about a rollout or an attempt that is over.</param>
/// <param name="Unused">How many say nothing that a check asks for.</param>
public sealed record ReportsView(int Received, int Counted, int Duplicates, int Parked, int Orphaned, int TooOld, int Outside, int Over, int Unused)
{
    /// <summary>Gets the name of a fate in metrics.</summary>
    internal static string NameOf(ReportFate fate) => fate switch
    {
        ReportFate.Counted => "counted",
        ReportFate.Duplicate => "duplicate",
        ReportFate.Parked => "parked",
        ReportFate.Orphaned => "orphaned",
        ReportFate.TooOld => "too_old",
        ReportFate.Outside => "outside",
        ReportFate.Over => "over",
        _ => "unused",
    };

    /// <summary>Counts fates.</summary>
    public static ReportsView Of(ImmutableArray<ReportFate> fates)
    {
        var counts = new int[Enum.GetValues<ReportFate>().Length];
        foreach (var fate in fates) counts[(int)fate]++;
        return new(fates.Length, Of(ReportFate.Counted), Of(ReportFate.Duplicate), Of(ReportFate.Parked), Of(ReportFate.Orphaned), Of(ReportFate.TooOld), Of(ReportFate.Outside),
            Of(ReportFate.Over), Of(ReportFate.Unused));

        int Of(ReportFate fate) => counts[(int)fate];
    }
}
