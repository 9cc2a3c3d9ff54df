namespace AgentCanary.Planning.Peers;

/// <summary>
/// Finds where a function crosses zero: Brent's method (Algorithms for Minimization without Derivatives, 1973, chapter 4), in the form of <c>zeroin</c>. On a staircase, such as a rank statistic, what it
/// answers depends on its tolerance, so this keeps to the published steps.
/// </summary>
internal static class Root
{
    private const int MostSteps = 1001;
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Finds the root between two points where the function has opposite signs.</summary>
    /// <param name="function">The function.</param>
    /// <param name="low">The one point.</param>
    /// <param name="high">The other point.</param>
    /// <param name="atLow">The function at <paramref name="low"/>.</param>
    /// <param name="atHigh">The function at <paramref name="high"/>.</param>
    /// <param name="tolerance">How exact the root must be.</param>
    public static double Find(Func<double, double> function, double low, double high, double atLow, double atHigh, double tolerance)
    {
        if (atLow == 0) return low;
        if (atHigh == 0) return high;
        // b is the best so far, a the one before it, and c encloses the root together with b.
        var (a, fa, b, fb, c, fc) = (low, atLow, high, atHigh, low, atLow);
        for (var step = 0; step < MostSteps; step++)
        {
            var previous = b - a;
            if (Math.Abs(fc) < Math.Abs(fb)) (a, fa, b, fb, c, fc) = (b, fb, c, fc, b, fb);
            var near = (2 * Epsilon * Math.Abs(b)) + (tolerance / 2);
            var half = (c - b) / 2;
            if (Math.Abs(half) <= near || fb == 0) return b;
            var move = Math.Abs(previous) >= near && Math.Abs(fa) > Math.Abs(fb) ? Interpolate(a, fa, b, fb, c, fc, previous, near) ?? half : half;
            (a, fa) = (b, fb);
            b += Math.Abs(move) >= near ? move : move > 0 ? near : -near;
            fb = function(b);
            if ((fb > 0 && fc > 0) || (fb < 0 && fc < 0)) (c, fc) = (a, fa);
        }
        return b;
    }

    // The step of the secant or of the inverse parabola, where it stays inside and shrinks fast enough.
    private static double? Interpolate(double a, double fa, double b, double fb, double c, double fc, double previous, double near)
    {
        double p, q;
        if (a == c)
        {
            var ratio = fb / fa;
            (p, q) = ((c - b) * ratio, 1 - ratio);
        }
        else
        {
            var (qa, t1, t2) = (fa / fc, fb / fc, fb / fa);
            p = t2 * (((c - b) * qa * (qa - t1)) - ((b - a) * (t1 - 1)));
            q = (qa - 1) * (t1 - 1) * (t2 - 1);
        }
        if (p > 0) q = -q;
        else p = -p;
        return p < (0.75 * (c - b) * q) - (Math.Abs(near * q) / 2) && p < Math.Abs(previous * q / 2) ? p / q : null;
    }
}
