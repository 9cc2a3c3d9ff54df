using System.Text.Json;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;
using static AgentCanary.Core.Tests.Analysis.Sequential.StatisticsVectors;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>Every published case, to 1e-9.</summary>
public class VectorTests
{
    public static TheoryData<string> Of(string kind) => Ids(kind);

    [Theory, MemberData(nameof(Of), "bte")]
    public void The_test_of_rates_gives_the_published_evidence(string id)
    {
        var vector = Find(id);
        var terms = Terms(vector);
        var state = RateTest.Start(terms);
        var checkpoints = vector.GetProperty("checkpoints").EnumerateArray().ToDictionary(point => point.GetProperty("after_block").GetInt32());
        var after = 0;
        foreach (var block in vector.GetProperty("blocks").EnumerateArray().Select(Read))
        {
            var stable = RateTest.Expected(terms, state);
            var before = state;
            state = RateTest.Add(terms, state, block);
            if (!checkpoints.TryGetValue(++after, out var point)) continue;
            Close(point.Number("theta_s"), stable);
            Close(point.GetProperty("alt_c").Numbers(), [.. before.Components.Select((_, k) => RateTest.Alternative(terms, stable, k))]);
            Close(point.GetProperty("M").Numbers(), state.Components);
            Close(point.Number("logE"), state.LogE);
            Close(point.Number("log_max"), state.LogMax);
            Close(point.Number("p_value"), Math.Min(1, Math.Exp(-state.LogMax)));
        }
        Assert.True(checkpoints.Count > 0 && after >= checkpoints.Keys.Max());
    }

    [Theory, MemberData(nameof(Of), "closing")]
    public void Ticks_become_the_published_blocks(string id)
    {
        var vector = Find(id);
        var terms = Terms(vector);
        var (state, open, closed) = (RateTest.Start(terms), default(Block), new List<(int, Block)>());
        var tick = 0;
        foreach (var counts in vector.GetProperty("ticks").EnumerateArray().Select(Read))
        {
            tick++;
            open = open.Plus(counts);
            if (!BlockClosing.IsComplete(open, state.CanaryCount)) continue;
            closed.Add((tick, open));
            state = RateTest.Add(terms, state, open);
            open = default;
        }
        var expected = vector.GetProperty("blocks").EnumerateArray().Select(block => (block[0].GetInt32(), new Block(block[1].GetInt64(), block[2].GetInt64(), block[3].GetInt64(), block[4].GetInt64())));
        Assert.Equal(expected, closed);
        Assert.Equal(Read(vector.GetProperty("open_block")), open);
        Close(vector.Number("logE"), state.LogE);
    }

    [Theory, MemberData(nameof(Of), "project")]
    public void A_pair_of_rates_is_projected_onto_its_line(string id)
    {
        var vector = Find(id);
        var (canary, stable) = (vector.Param("alt_c"), vector.Param("alt_s"));
        var (xc, xs) = new Line(vector.Param("a"), vector.Param("r")).Project(canary, stable, vector.Param("n_c"), vector.Param("n_s"));
        Close(vector.Number("proj_c"), xc);
        Close(vector.Number("proj_s"), xs);
        Close(vector.Number("kl"), (vector.Param("n_c") * Numerics.BernoulliDivergence(canary, xc)) + (vector.Param("n_s") * Numerics.BernoulliDivergence(stable, xs)));
    }

    [Theory, MemberData(nameof(Of), "err")]
    public void Errors_alone_give_the_published_evidence(string id) => Close(
        Find(id).Number("logE"), Gate.LogErrorsOnly((long)Find(id).Param("E_c"), (long)Find(id).Param("E_s"), Find(id).Param("rho"), Find(id).Param("r")));

    [Theory, MemberData(nameof(Of), "gate_beta")]
    public void An_absolute_rate_gives_the_published_evidence(string id) => Close(
        Find(id).Number("logE"), Gate.LogRateAbove(Find(id).Param("bad"), Find(id).Param("n"), Find(id).Param("p0"), Find(id).Param("a"), Find(id).Param("b")));

    [Theory, MemberData(nameof(Of), "gate_gamma")]
    public void An_absolute_rate_of_events_gives_the_published_evidence(string id) => Close(
        Find(id).Number("logE"), Gate.LogEventsAbove(Find(id).Param("events"), Find(id).Param("exposure"), Find(id).Param("l0"), Find(id).Param("a"), Find(id).Param("b")));

    [Theory, MemberData(nameof(Of), "srm")]
    public void The_share_check_gives_the_published_evidence(string id) =>
        Close(Find(id).Number("logE"), Gate.LogShare(Find(id).Param("n_c"), Find(id).Param("n_s"), Find(id).Param("rho")));

    [Theory, MemberData(nameof(Of), "zero")]
    public void Clean_samples_exclude_the_published_rates(string id)
    {
        Assert.Equal(Find(id).GetProperty("n_needed").GetInt64(), Gate.CleanCount(Find(id).Param("p_max"), Find(id).Param("beta")));
        Close(Find(id).Number("upper_after_500"), Gate.CleanBound(500, Find(id).Param("beta")));
    }

    [Theory, MemberData(nameof(Of), "cs_beta")]
    public void The_interval_of_a_rate_has_the_published_ends(string id)
    {
        var (low, high) = Intervals.Rate(Find(id).Param("bad"), Find(id).Param("n"), Find(id).Param("alpha"), Find(id).Param("a"), Find(id).Param("b"));
        Close(Find(id).Number("lower"), low);
        Close(Find(id).Number("upper"), high);
    }

    [Theory, MemberData(nameof(Of), "cs_quantile")]
    public void The_interval_of_a_quantile_has_the_published_ends(string id)
    {
        var vector = Find(id);
        var counts = vector.GetProperty("counts").EnumerateArray().Select(count => count.GetInt64()).ToArray();
        var (total, below) = (counts.Sum(), 0L);
        var martingale = counts.Select(count => Intervals.LogQuantileMartingale(below += count, total, vector.Param("p"))).ToArray();
        Close(vector.GetProperty("log_mart").Numbers(), martingale);
        Assert.Equal((vector.GetProperty("lo_bucket").GetInt32(), vector.GetProperty("hi_bucket").GetInt32()), Intervals.QuantileBuckets(counts, vector.Param("p"), vector.Param("alpha")));
    }

    [Theory, MemberData(nameof(Of), "asymp")]
    public void The_test_of_means_gives_the_published_evidence_and_radius(string id)
    {
        var vector = Find(id);
        var test = new MeanTest(vector.Param("n_c"), vector.Param("mean_c"), vector.Param("var_c"), vector.Param("n_s"), vector.Param("mean_s"), vector.Param("var_s"));
        var alpha = vector.Param("alpha");
        Close(vector.Number("V"), test.V);
        Close(vector.Number("S"), test.S(vector.Param("d")));
        Close(vector.Number("rho_one_sided"), MeanTest.BestRho(vector.Param("n_opt"), 2 * alpha));
        Close(vector.Number("rho_two_sided"), MeanTest.BestRho(vector.Param("n_opt"), alpha));
        Close(vector.Number("logE_one_sided"), test.LogWorse(vector.Param("d"), alpha));
        Close(vector.Number("logE_two_sided"), test.LogDifferent(vector.Param("d"), alpha));
        Close(vector.Number("radius"), test.Radius(alpha));
    }

    [Theory, MemberData(nameof(Of), "tbb")]
    public void The_test_of_scores_gives_the_published_evidence(string id) => Scores(Find(id), new(Find(id).Param("delta")));

    [Theory, MemberData(nameof(Of), "tbb_promote")]
    public void The_test_of_scores_for_a_promotion_gives_the_published_evidence(string id) => Scores(Find(id), new(Find(id).Param("delta"), Worse: false));

    [Theory, MemberData(nameof(Of), "shape")]
    public void The_test_of_the_whole_latency_gives_the_published_evidence(string id)
    {
        var vector = Find(id);
        var terms = new ShapeTerms();
        var state = ShapeTest.Start(terms);
        var expected = vector.GetProperty("logE").Numbers();
        foreach (var (block, i) in vector.GetProperty("blocks").EnumerateArray().Select((block, i) => (block, i)))
        {
            state = ShapeTest.Add(terms, state, canary: Counts(block[1]), stable: Counts(block[0]));
            Close(expected[i], state.LogE);
        }
        Close(vector.GetProperty("M").Numbers(), state.Components);
        static long[] Counts(JsonElement counts) => [.. counts.EnumerateArray().Select(count => count.GetInt64())];
    }

    [Theory, MemberData(nameof(Of), "combine")]
    public void Evidence_of_several_checks_is_put_together_as_published(string id)
    {
        var vector = Find(id);
        var logs = vector.GetProperty("params").GetProperty("log_e").Numbers();
        Close(vector.Number("log_combined"), Evidences.LogMean(logs, vector.GetProperty("params").GetProperty("w").Numbers()));
        Close(vector.GetProperty("e_adjusted").Numbers(), [.. logs.Select((_, k) => Evidences.Adjusted(logs, k))]);
        Assert.Equal(vector.GetProperty("ebh_count").GetInt32(), Evidences.Rejected(logs, 0.05));
    }

    [Theory, MemberData(nameof(Of), "forecast")]
    public void The_forecast_gives_the_published_numbers(string id)
    {
        var vector = Find(id);
        var line = new Line(vector.Param("a"), vector.Param("r"));
        var forecast = Forecast.Of(line, worse: true, vector.Param("h"), vector.Param("theta_c"), vector.Param("theta_s"), vector.Param("kappa"))!.Value;
        Close(vector.Number("expected"), forecast.Expected);
        Close(vector.Number("p90"), forecast.P90);
    }

    [Theory, MemberData(nameof(Of), "deff")]
    public void The_design_effect_is_the_published_one(string id) => Close(
        Find(id).Number("deff"), Find(id).GetProperty("params").GetProperty("users").EnumerateArray().Aggregate(default(KeySums), (sums, user) => sums.Plus(user[0].GetInt64(), user[1].GetInt64())).DesignEffect);

    private static void Scores(JsonElement vector, ScoreTerms terms)
    {
        var state = ScoreTest.Start(terms);
        var expected = vector.GetProperty("logE").Numbers();
        foreach (var (block, i) in vector.GetProperty("blocks").EnumerateArray().Select((block, i) => (block, i)))
        {
            state = ScoreTest.Add(terms, state, Hundredths(block[0].Numbers()), Hundredths(block[1].Numbers()));
            Close(expected[i], state.LogE);
        }
        Close(vector.GetProperty("M").Numbers(), state.Components);

        static long[] Hundredths(IEnumerable<double> scores)
        {
            var counts = new long[ScoreTest.Places];
            foreach (var score in scores) counts[(int)Math.Round(score * 100)]++;
            return counts;
        }
    }

    private static RateTerms Terms(JsonElement vector) => new()
    {
        Line = new(vector.Param("a", 0), vector.Param("r", 1)),
        Worse = !vector.GetProperty("params").TryGetProperty("worse", out var worse) || worse.GetBoolean(),
        PriorMean = vector.Param("prior_mean", 0.01),
        PriorCount = vector.Param("prior_n", 50),
        HalfLife = vector.Param("half_life", 0),
        Restarts = vector.GetProperty("params").TryGetProperty("restart", out var restart) ? new(restart.Number("w0"), restart.GetProperty("every").GetInt64(), restart.GetProperty("count").GetInt32()) : null,
    };

    private static Block Read(JsonElement counts) => new(counts[0].GetInt64(), counts[1].GetInt64(), counts[2].GetInt64(), counts[3].GetInt64());
}
