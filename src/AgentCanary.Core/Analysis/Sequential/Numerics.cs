namespace AgentCanary.Analysis.Sequential;

/// <summary>The few special functions that the tests need: pure, deterministic on one platform, relative error about 1e-13.</summary>
internal static class Numerics
{
    private const double Tiny = 1e-300;

    // Lanczos, g = 7, n = 9: P. Godfrey's coefficients.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln Γ(x) for x &gt; 0.</summary>
    public static double LogGamma(double x)
    {
        if (x < 0.5) return Math.Log(Math.PI / Math.Abs(Math.Sin(Math.PI * x))) - LogGamma(1 - x);
        // Stirling's series is exact to the last bit from here on, and Lanczos' cancels.
        if (x >= 15) return Stirling(x);
        x -= 1;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++) sum += Lanczos[i] / (x + i);
        var t = x + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>ln B(a, b) for a, b &gt; 0.</summary>
    public static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>ln of the upper regularised incomplete beta function, 1 − I_x(a, b).</summary>
    public static double LogUpperBeta(double a, double b, double x) => LogLowerBeta(b, a, 1 - x, x);

    /// <summary>The upper regularised incomplete gamma function Q(a, x), as its logarithm.</summary>
    public static double LogUpperGamma(double a, double x)
    {
        if (x <= 0) return 0;
        var front = (a * Math.Log(x)) - x - LogGamma(a);
        return x < a + 1 ? Log1MinusExp(front + Math.Log(GammaSeries(a, x))) : front + Math.Log(GammaFraction(a, x));
    }

    /// <summary>Φ(x), the standard normal distribution function.</summary>
    public static double Phi(double x)
    {
        // Φ(−|x|) = Q(½, x²/2) / 2, by the series near the middle and by the continued fraction in the tails.
        var t = 0.5 * x * x;
        if (t == 0) return 0.5;
        var front = Math.Sqrt(t / Math.PI) * Math.Exp(-t);
        var tail = 0.5 * (t < 3 ? 1 - (front * GammaSeries(0.5, t)) : front * GammaFraction(0.5, t));
        return x <= 0 ? tail : 1 - tail;
    }

    /// <summary>ln Φ(x), exact far into the left tail.</summary>
    public static double LogPhi(double x) => x <= 0 ? LogUpperGamma(0.5, 0.5 * x * x) - Math.Log(2) : Math.Log(Phi(x));

    /// <summary>Φ⁻¹(p) for 0 &lt; p &lt; 1: a rational start (Abramowitz and Stegun 26.2.23), then Halley's method.</summary>
    public static double PhiInverse(double p)
    {
        if (p is <= 0 or >= 1) return p <= 0 ? double.NegativeInfinity : double.PositiveInfinity;
        var q = Math.Min(p, 1 - p);
        var t = Math.Sqrt(-2 * Math.Log(q));
        var x = -(t - ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308))))))));
        for (var i = 0; i < 4; i++)
        {
            var step = (Phi(x) - q) * Math.Sqrt(2 * Math.PI) * Math.Exp(0.5 * x * x);
            x -= step / (1 + (0.5 * x * step));
            if (Math.Abs(step) < 1e-8) break; // the next step would be its cube
        }
        return p <= 0.5 ? x : -x;
    }

    /// <summary>ln(eᵃ + eᵇ).</summary>
    public static double LogAdd(double a, double b)
    {
        var (large, small) = a > b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(small) ? large : large + Log1P(Math.Exp(small - large));
    }

    /// <summary>ln Σ eˣ, in the order of the values.</summary>
    public static double LogSumExp(ReadOnlySpan<double> values)
    {
        var largest = double.NegativeInfinity;
        foreach (var value in values) largest = Math.Max(largest, value);
        if (double.IsInfinity(largest)) return largest;
        var sum = 0.0;
        foreach (var value in values) sum += Math.Exp(value - largest);
        return largest + Math.Log(sum);
    }

    /// <summary>ln(1 + x), exact for small x (Kahan).</summary>
    public static double Log1P(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : Math.Log(u) * x / (u - 1);
    }

    /// <summary>KL(p ‖ q) of two Bernoulli distributions.</summary>
    public static double BernoulliDivergence(double p, double q) =>
        (p <= 0 ? 0 : p * Math.Log(p / q)) + (p >= 1 ? 0 : (1 - p) * Math.Log((1 - p) / (1 - q)));

    private static double Stirling(double x)
    {
        var inverse = 1 / x;
        var square = inverse * inverse;
        var series = inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * ((1.0 / 1680) - (square * (1.0 / 1188)))))))));
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series;
    }

    // ln I_x(a, b), by the continued fraction on its fast side and by the complement on the other.
    private static double LogLowerBeta(double a, double b, double x, double complement)
    {
        if (x <= 0) return double.NegativeInfinity;
        if (x >= 1) return 0;
        var front = (a * Math.Log(x)) + (b * Math.Log(complement)) - LogBeta(a, b);
        return x < (a + 1) / (a + b + 2)
            ? front + Math.Log(BetaFraction(a, b, x) / a)
            : Log1MinusExp(front + Math.Log(BetaFraction(b, a, complement) / b));
    }

    private static double Log1MinusExp(double x) => x > -0.6931471805599453 ? Math.Log(-ExpM1(x)) : Log1P(-Math.Exp(x));

    private static double ExpM1(double x)
    {
        var u = Math.Exp(x);
        if (u == 1) return x;
        var less = u - 1;
        return less == -1 ? -1 : less * x / Math.Log(u);
    }

    // The continued fraction of the incomplete beta function, by Lentz' method.
    private static double BetaFraction(double a, double b, double x)
    {
        var (c, d) = (1.0, 1 / Safe(1 - ((a + b) * x / (a + 1))));
        var fraction = d;
        for (var m = 1; m <= 10_000; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            (c, d) = (Safe(1 + (even / c)), 1 / Safe(1 + (even * d)));
            fraction *= c * d;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            (c, d) = (Safe(1 + (odd / c)), 1 / Safe(1 + (odd * d)));
            fraction *= c * d;
            if (Math.Abs((c * d) - 1) < 1e-16) break;
        }
        return fraction;
    }

    private static double GammaSeries(double a, double x)
    {
        var (sum, term) = (1 / a, 1 / a);
        for (var n = 1; n < 100_000 && term > sum * 1e-17; n++)
        {
            term *= x / (a + n);
            sum += term;
        }
        return sum;
    }

    private static double GammaFraction(double a, double x)
    {
        var b = x + 1 - a;
        var (c, d) = (1 / Tiny, 1 / Safe(b));
        var fraction = d;
        for (var i = 1; i <= 100_000; i++)
        {
            var an = -i * (i - a);
            b += 2;
            (c, d) = (Safe(b + (an / c)), 1 / Safe((an * d) + b));
            fraction *= c * d;
            if (Math.Abs((c * d) - 1) < 1e-16) break;
        }
        return fraction;
    }

    private static double Safe(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
