using System.Globalization;

namespace AgentCanary;

/// <summary>A share of traffic in basis points: 0 is none, <see cref="Scale"/> is all of it. Immutable and thread-safe.</summary>
/// <param name="BasisPoints">The share, 0 to <see cref="Scale"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">The share is below 0 or above <see cref="Scale"/>.</exception>
public readonly record struct Weight(int BasisPoints) : IComparable<Weight>
{
    /// <summary>The basis points of all traffic.</summary>
    public const int Scale = 10_000;

    /// <summary>Gets the share, 0 to <see cref="Scale"/> basis points.</summary>
    public int BasisPoints { get; } = BasisPoints is >= 0 and <= Scale ? BasisPoints
        : throw new ArgumentOutOfRangeException(nameof(BasisPoints), BasisPoints, $"A weight is 0 to {Scale} basis points.");

    /// <summary>Gets the weight that is nobody.</summary>
    public static Weight None => default;

    /// <summary>Gets the weight that is everybody.</summary>
    public static Weight Full => new(Scale);

    /// <summary>Gets the share as a fraction, 0 to 1.</summary>
    public double Fraction => BasisPoints / (double)Scale;

    /// <summary>Makes a weight from per cent, rounded to the nearest basis point.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or outside 0 to 100.</exception>
    public static Weight FromPercent(double percent) => percent is >= 0 and <= 100
        ? new((int)Math.Round(percent * 100, MidpointRounding.AwayFromZero))
        : throw new ArgumentOutOfRangeException(nameof(percent), percent, "A weight is 0 to 100 per cent.");

    /// <summary>Makes a weight from a fraction, rounded to the nearest basis point.</summary>
    /// <param name="fraction">0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or outside 0 to 1.</exception>
    public static Weight FromFraction(double fraction) => fraction is >= 0 and <= 1
        ? FromPercent(fraction * 100)
        : throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "A weight is a fraction of 0 to 1.");

    /// <inheritdoc/>
    public int CompareTo(Weight other) => BasisPoints.CompareTo(other.BasisPoints);

    /// <summary>Tells whether the left share is the smaller one.</summary>
    public static bool operator <(Weight left, Weight right) => left.BasisPoints < right.BasisPoints;

    /// <summary>Tells whether the left share is the larger one.</summary>
    public static bool operator >(Weight left, Weight right) => left.BasisPoints > right.BasisPoints;

    /// <summary>Tells whether the left share is not the larger one.</summary>
    public static bool operator <=(Weight left, Weight right) => left.BasisPoints <= right.BasisPoints;

    /// <summary>Tells whether the left share is not the smaller one.</summary>
    public static bool operator >=(Weight left, Weight right) => left.BasisPoints >= right.BasisPoints;

    /// <summary>Writes the share in per cent, such as <c>5 %</c> or <c>0.25 %</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{BasisPoints / 100.0:0.##} %");
}
