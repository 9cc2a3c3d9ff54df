using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using AgentCanary.Cli.Output;
using AgentCanary.Cli.Validation;
using AgentCanary.Planning;
using AgentCanary.Planning.Peers;
using AgentCanary.Planning.Simulation;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Simulation;

/// <summary>Makes options of arguments. All faults are found in one go: those of the file, of the traffic and of the options.</summary>
internal sealed class SimulationOptionsReader
{
    private const int MostRuns = 1_000_000;
    private const int UsualRuns = 1000;
    private const int MostCanaries = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);
    private static readonly TimeSpan UsualLength = TimeSpan.FromHours(24);

    private readonly List<string> _faults = [];

    /// <summary>Reads the arguments.</summary>
    /// <returns>The options, or every fault.</returns>
    public static (SimulationOptions? Options, IReadOnlyList<string> Faults) Read(SimulationArguments arguments)
    {
        var reader = new SimulationOptionsReader();
        var options = reader.Judge(arguments);
        return (reader._faults.Count == 0 ? options : null, reader._faults);
    }

    private SimulationOptions? Judge(SimulationArguments given)
    {
        var spec = ChosenRollout.Read(given.File, given.Agent, _faults);
        var users = given.Users is null ? (int?)null : Whole("--users", given.Users, 1, World.MostUsers);
        var canaries = Canaries(given, users);
        var peers = Peers(given.Against);
        var length = given.Length is null ? UsualLength : Time("--for", given.Length);
        var runs = given.Runs is null ? UsualRuns : Whole("--runs", given.Runs, 1, MostRuns);
        var seed = given.Seed is null ? 1 : Whole("--seed", given.Seed, 0UL, ulong.MaxValue);
        return spec is null ? null : new(spec, canaries, peers, length, runs, seed, given.Json);
    }

    private ImmutableArray<SimulatedCanary> Canaries(SimulationArguments given, int? users)
    {
        var rate = Rate(given.Rate);
        var texts = given.Canaries.Count == 0 ? [""] : given.Canaries;
        if (texts.Count > MostCanaries) _faults.Add($"--canary is given {texts.Count} times: at most {MostCanaries} canaries are simulated at once");
        var worlds = texts.Take(MostCanaries).Select(text => (Text: text, Read: World.Read(new(rate, given.Stable ?? "", text, given.Both ?? "") { Users = users }))).ToArray();
        // What is wrong with stable is wrong with each of the worlds.
        _faults.AddRange(worlds.SelectMany(world => world.Read.Faults).Distinct());
        return [.. worlds.Where(world => world.Read.World is not null).Select(world => new SimulatedCanary(world.Text, world.Read.World!))];
    }

    private ImmutableArray<Peer> Peers(string? text)
    {
        if (text is null) return [];
        var (peers, faults) = PeerNames.Parse(text);
        _faults.AddRange(faults.Select(fault => $"--against: {fault}"));
        return peers;
    }

    private double Rate(string? text)
    {
        if (text is null) _faults.Add("--rate is missing: write how many requests the agent gets, such as --rate 20/s");
        else if (!Traffic.TryParseRate(text, out var rate, out var fault)) _faults.Add($"--rate: {fault}");
        else return rate;
        return 1;
    }

    private TimeSpan Time(string option, string text)
    {
        if (Durations.Read(text) is { } time && time <= Longest) return time;
        _faults.Add($"{option} is {Quote.Of(text)}: write a time such as 90s, 15m or 24h, at most {DurationText.Write(Longest)}");
        return UsualLength;
    }

    private T Whole<T>(string option, string text, T least, T most)
        where T : INumber<T>
    {
        if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{option} is {Quote.Of(text)}: write a whole number of {least:N0} to {most:N0}"));
        return least;
    }
}
