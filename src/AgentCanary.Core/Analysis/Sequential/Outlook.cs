namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// How many more canary requests decide at the present rates (statistics.md, 9), in either direction; null where the rates point elsewhere, or where nothing can be told.
/// </summary>
/// <param name="Promotion">Until a check, or the last of them, is shown to be kept.</param>
/// <param name="Rollback">Until the evidence against the canary is enough.</param>
internal readonly record struct Outlook(Forecast? Promotion, Forecast? Rollback)
{
    private const double Prior = 10;
    private const double Edge = 1e-6;

    /// <summary>Gets the sooner of both.</summary>
    public Forecast? Sooner => Rollback is { } rollback && !(Promotion?.Expected <= rollback.Expected) ? rollback : Promotion;

    /// <summary>Gets whether the sooner one is the rollback.</summary>
    public bool IsRollbackSooner => Rollback is { } rollback && !(Promotion?.Expected <= rollback.Expected);

    /// <summary>Looks ahead for one check.</summary>
    /// <param name="reading">The evidence.</param>
    /// <param name="check">The check's place.</param>
    /// <param name="weight">The stage's weight, which says what its promotion must show.</param>
    /// <param name="stablePerCanary">Stable requests for each canary request, above 0.</param>
    public static Outlook Of(SequentialReading reading, int check, Weight weight, double stablePerCanary)
    {
        var (terms, evidence) = (reading.Terms.Checks[check], reading.Evidence.Checks[check]);
        if (terms.NeedsCalibration && evidence.Total == default) return default;
        var own = terms.Check.Compares || terms.IsMean ? OfTests(reading, check, weight, stablePerCanary) : OfBound(reading, check);
        return (reading.IsBeside(check) ? own with { Rollback = Later(own.Rollback, OfBeside(reading, check, stablePerCanary)) } : own).Times(reading.Evidence.Divisor);
    }

    /// <summary>Puts the checks of a stage together: a promotion waits for the last of them, a rollback for the first.</summary>
    public Outlook With(Outlook other) => new(
        Promotion is { } one && other.Promotion is { } two ? one.Expected >= two.Expected ? one : two : null,
        Rollback is { } first && other.Rollback is { } second ? first.Expected <= second.Expected ? first : second : Rollback ?? other.Rollback);

    private static Outlook OfTests(SequentialReading reading, int check, Weight weight, double stablePerCanary)
    {
        var (terms, evidence, effect) = (reading.Terms.Checks[check], reading.Evidence.Checks[check], reading.Evidence.Divisor);
        var place = terms.PromotionFor(weight);
        var (promotion, rollback, track) = (terms.Promotions[place], terms.Tracks[0].Rollback!, evidence.Tracks[0]);
        return new(
            One(promotion, track.Promotions[place], evidence.Total, Math.Log(1 / reading.Terms.Beta) - promotion.LogE(track.Promotions[place], effect), stablePerCanary),
            One(rollback, track.Rollback!, evidence.Total, reading.NeededFor(check) - rollback.LogE(track.Rollback!, effect), stablePerCanary));
    }

    // What breaks a bound must be worse than stable too.
    private static Forecast? OfBeside(SequentialReading reading, int check, double stablePerCanary)
    {
        var (terms, state) = (reading.Terms.Checks[check].Tracks[^1].Rollback!, reading.Evidence.Checks[check].Tracks[^1].Rollback!);
        return One(terms, state, reading.Evidence.Checks[check].Total, reading.NeededFor(check) - terms.LogE(state, reading.Evidence.Divisor), stablePerCanary);
    }

    private static Forecast? Later(Forecast? one, Forecast? other) => one is null || other is null ? null : one.Value.Expected >= other.Value.Expected ? one : other;

    // Where so many requests count as one, so many times as many are needed.
    private Outlook Times(double effect) => new(Promotion?.Times(effect), Rollback?.Times(effect));

    private static Forecast? One(TestTerms terms, TestState state, Block total, double missing, double stablePerCanary) => (terms, state) switch
    {
        (RateTerms rate, RateState now) => OfRates(rate, now, total, missing, stablePerCanary),
        (ScoreTerms score, ScoreState now) => OfMeans(score, now, total, missing, stablePerCanary),
        _ => null,
    };

    private static Forecast? OfRates(RateTerms terms, RateState state, Block total, double missing, double stablePerCanary)
    {
        var stable = RateTest.Expected(terms, state);
        return Forecast.Of(terms.Line, terms.Worse, missing, Shrunk(total.CanaryBad, total.CanaryCount, stable), stable, stablePerCanary);
    }

    private static Forecast? OfMeans(ScoreTerms terms, ScoreState state, Block total, double missing, double stablePerCanary)
    {
        if (total.CanaryCount == 0 || state.Count < 2) return null;
        const double hundred = ScoreTest.Places - 1;
        var mean = state.Sum / state.Count;
        var variance = Math.Max((state.Squares / state.Count) - (mean * mean), 0);
        var canary = 1 - (((total.CanaryBad / hundred) + (Prior * (1 - mean))) / (total.CanaryCount + Prior));
        var distance = ((terms.Slope * mean) - terms.Margin - canary) * (terms.Worse ? 1 : -1);
        // The canary's scores are taken to vary as stable's do; where those never did, as much as its mean allows, and at least as one more value could.
        var own = variance > 1e-9 ? variance : Math.Max(canary * (1 - canary), 1.0 / (total.CanaryCount + 2));
        return Forecast.OfMeans(missing, distance, own + (variance * terms.Slope * terms.Slope / stablePerCanary));
    }

    // One arm against a bound: evidence of both directions is made of its totals alone.
    private static Outlook OfBound(SequentialReading reading, int check)
    {
        var (terms, total) = (reading.Terms.Checks[check], reading.Evidence.Checks[check].Total);
        if (total.CanaryCount == 0) return default;
        var canary = Shrunk(total.CanaryBad, total.CanaryCount, (total.CanaryBad + total.StableBad + 0.5) / (total.CanaryCount + total.StableCount + 1));
        return new(
            Forecast.OfBound(terms.Bound, worse: false, Math.Log(1 / reading.Terms.Beta) - reading.Evidence.LogNotWorse(reading.Terms, check, Weight.Full), canary),
            reading.IsCommonMode(check) ? null : Forecast.OfBound(terms.Bound, worse: true, reading.NeededFor(check) - reading.Evidence.LogWorse(reading.Terms, check, hasControl: false), canary));
    }

    // A few requests say little: they are drawn towards what is expected.
    private static double Shrunk(long bad, long count, double expected) => Math.Clamp((bad + (Prior * expected)) / (count + Prior), Edge, 1 - Edge);
}
