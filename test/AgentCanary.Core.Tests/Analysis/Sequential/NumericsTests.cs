using AgentCanary.Analysis.Sequential;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>Our special functions against those of a well-kept library.</summary>
public class NumericsTests
{
    [Fact]
    public void Log_gamma_is_the_librarys() =>
        Assert.All(Enumerable.Range(1, 4000).Select(i => i * 0.05), x => Close(SpecialFunctions.GammaLn(x), Numerics.LogGamma(x), 1e-12));

    [Theory]
    [InlineData(0.5, 0.5), InlineData(2, 5), InlineData(50, 3), InlineData(300, 700)]
    public void The_incomplete_beta_function_is_the_librarys(double a, double b)
    {
        for (var x = 0.001; x < 1; x += 0.013)
        {
            var upper = SpecialFunctions.BetaRegularized(b, a, 1 - x);
            if (upper > 1e-250) Close(Math.Log(upper), Numerics.LogUpperBeta(a, b, x), 1e-10);
        }
    }

    [Theory]
    [InlineData(0.5), InlineData(1), InlineData(4.5), InlineData(60)]
    public void The_incomplete_gamma_function_is_the_librarys(double a)
    {
        for (var x = 0.01; x < 200; x *= 1.3)
        {
            var upper = SpecialFunctions.GammaUpperRegularized(a, x);
            if (upper > 1e-12) Close(Math.Log(upper), Numerics.LogUpperGamma(a, x), 1e-10);
        }
    }

    [Fact]
    public void The_normal_distribution_and_its_inverse_are_the_librarys()
    {
        for (var x = -8.0; x <= 8; x += 0.05) Close(Normal.CDF(0, 1, x), Numerics.Phi(x), 1e-12);
        foreach (var p in new[] { 1e-10, 1e-6, 0.001, 0.02, 0.3, 0.5, 0.77, 0.999, 1 - 1e-9 })
        {
            Close(Normal.InvCDF(0, 1, p), Numerics.PhiInverse(p), 1e-9);
            Close(p, Numerics.Phi(Numerics.PhiInverse(p)), 1e-12);
        }
    }

    private static void Close(double expected, double actual, double tolerance) => Assert.True(
        Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"expected {expected:R}, got {actual:R}");
}
