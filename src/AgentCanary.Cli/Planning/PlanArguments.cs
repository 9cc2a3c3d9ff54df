using System.Collections.Immutable;
using System.Globalization;
using AgentCanary.Cli.Output;
using AgentCanary.Cli.Validation;
using AgentCanary.Planning;
using AgentCanary.Server.Files;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Planning;

/// <summary>What stands on the command line of <c>plan</c>; null where an option is not given.</summary>
internal sealed record PlanArguments(string[] Files, string? Rate, string? Baseline, string? Within, string? PerUser, string? CohortShare)
{
    /// <summary>Reads all of it, or says everything that is wrong.</summary>
    public (PlanRequest? Request, ImmutableArray<string> Faults) Read()
    {
        var faults = new List<string>();
        var specs = ReadFiles(faults);
        var rate = ReadRate(faults);
        var (baseline, wrong) = Baseline is null ? (AgentCanary.Planning.Baseline.Assumed, []) : AgentCanary.Planning.Baseline.Parse(Baseline);
        faults.AddRange(wrong.Select(fault => $"--baseline: {fault}"));
        var within = Within is null ? null : Durations.Read(Within);
        if (Within is not null && within is null) faults.Add($"--within is {Quote.Of(Within)}: write a time such as 90m, 24h or 14d.");
        var perUser = ReadNumber("--requests-per-user", PerUser, 1, value => value is >= 1 and <= 1e6, "a number of 1 to 1,000,000", faults);
        var share = ReadNumber("--cohort-share", CohortShare, 0.1, value => value is > 0 and < 1, "a share above 0 and below 1, such as 10% or 0.1", faults);
        return faults.Count > 0 ? (null, [.. faults]) : (new(specs, new(rate) { PerUser = perUser, CohortShare = share }, baseline!, within), []);
    }

    private ImmutableArray<RolloutSpec> ReadFiles(List<string> faults)
    {
        var sources = Files.Select(file => SourceFile.Read(file, RolloutFileReader.MostBytes)).ToArray();
        var judged = RolloutFiles.Read(sources.Where(source => source.Fault is null).Select(source => (source.Name, source.Bytes)));
        faults.AddRange(sources.Select(source => source.Fault).OfType<SpecFault>().Concat(judged.Faults).Select(fault => fault.ToString()));
        return judged.Specs;
    }

    private double ReadRate(List<string> faults)
    {
        if (Rate is null) faults.Add("--rate is missing: say how many requests the agent gets, such as --rate 5/s or --rate 25/day.");
        else if (!Traffic.TryParseRate(Rate, out var rate, out var fault)) faults.Add($"--rate: {fault}");
        else return rate;
        return 1;
    }

    private static double ReadNumber(string option, string? text, double absent, Func<double, bool> isInside, string wanted, List<string> faults)
    {
        if (text is null) return absent;
        var digits = text.TrimEnd('%', ' ');
        if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            var value = digits.Length < text.Length ? number / 100 : number;
            if (isInside(value)) return value;
        }
        faults.Add($"{option} is {Quote.Of(text)}: write {wanted}.");
        return absent;
    }
}
