namespace AgentCanary.Analysis.Sequential;

/// <summary>The tolerance line b(x) = a + r·x: at a stable rate x the canary may have at most b(x). A half-plane under a line is convex, which is all that the tests need.</summary>
/// <param name="A">The absolute part, a fraction.</param>
/// <param name="R">The relative part, 1 for none.</param>
public readonly record struct Line(double A, double R)
{
    /// <summary>Gets the line of "not worse at all".</summary>
    public static Line Equal => new(0, 1);

    /// <summary>Gets the highest rate that the canary may have, below 1.</summary>
    public double At(double stable) => Math.Min(A + (R * stable), 1 - 1e-6);

    /// <summary>
    /// Projects a pair of rates onto the line: the point (c, s) with c = a + r·s that minimises n_c·KL(canary ‖ c) + n_s·KL(stable ‖ s).
    /// It is the restricted maximum likelihood estimate of Farrington and Manning (1990).
    /// </summary>
    public (double Canary, double Stable) Project(double canary, double stable, double canaryCount, double stableCount)
    {
        if (A == 0 && R == 1)
        {
            var pooled = ((canaryCount * canary) + (stableCount * stable)) / (canaryCount + stableCount);
            return (pooled, pooled);
        }
        var x = A == 0 ? Proportional(canary, stable, canaryCount, stableCount) : Root(canary, stable, canaryCount, stableCount);
        return (A + (R * x), x);
    }

    // a = 0 makes the condition a quadratic.
    private double Proportional(double canary, double stable, double canaryCount, double stableCount)
    {
        var a = R * (canaryCount + stableCount);
        var b = (canaryCount * (R + canary)) + (stableCount * (1 + (R * stable)));
        var c = (canaryCount * canary) + (stableCount * stable);
        return 2 * c / (b + Math.Sqrt((b * b) - (4 * a * c)));
    }

    // The derivative rises through its root: Newton's step where it stays inside the bracket, bisection where not.
    private double Root(double canary, double stable, double canaryCount, double stableCount)
    {
        var (low, high) = (Math.Max(0, -A / R), Math.Min(1, (1 - A) / R));
        var x = Math.Clamp(stable, low + ((high - low) * 1e-9), high - ((high - low) * 1e-9));
        for (var i = 0; i < 100; i++)
        {
            var (xc, dc, ds) = (A + (R * x), 0.0, 0.0);
            dc = xc * (1 - xc);
            ds = x * (1 - x);
            var slope = (canaryCount * R * (xc - canary) / dc) + (stableCount * (x - stable) / ds);
            if (slope > 0) high = x;
            else low = x;
            var curve = (canaryCount * R * R * (dc - ((xc - canary) * (1 - (2 * xc)))) / (dc * dc)) + (stableCount * (ds - ((x - stable) * (1 - (2 * x)))) / (ds * ds));
            var next = x - (slope / curve);
            if (!(next > low && next < high)) next = 0.5 * (low + high);
            if (Math.Abs(next - x) <= 1e-16 * Math.Abs(next)) return next;
            x = next;
        }
        return x;
    }
}
