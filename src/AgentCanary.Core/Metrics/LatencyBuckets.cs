using System.Numerics;

namespace AgentCanary.Metrics;

/// <summary>
/// The fixed edges of the fine histogram: 16 buckets an octave from 64 µs to 2^32 µs (71.6 min), one below and one above.
/// A bucket is a sixteenth of its octave's start wide: 6.25 % of a value at the start of an octave, 3.2 % at its end.
/// </summary>
internal static class LatencyBuckets
{
    public const int Count = 2 + ((LastOctave - FirstOctave) * PerOctave);

    /// <summary>How many steps a bucket is divided into for sums.</summary>
    public const int Steps = 64;

    /// <summary>Sums are kept in 1/32 µs: the middle of a step of the narrowest bucket is a whole number of these.</summary>
    public const double SumUnitsPerMicrosecond = 32;

    private const int FirstOctave = 6;
    private const int LastOctave = 32;
    private const int PerOctave = 16;
    private const int OctaveBits = 4;
    private const int StepBits = 6;

    /// <summary>Finds the bucket of a latency, and the step inside it, 0 to 63.</summary>
    /// <param name="latency">Not negative.</param>
    /// <param name="step">The step inside the bucket.</param>
    public static int Locate(TimeSpan latency, out int step)
    {
        var micros = (ulong)latency.Ticks / TimeSpan.TicksPerMicrosecond;
        if (micros < 1UL << FirstOctave)
        {
            step = (int)micros;
            return 0;
        }
        if (micros >= 1UL << LastOctave)
        {
            step = 0;
            return Count - 1;
        }
        var octave = BitOperations.Log2(micros);
        var widthBits = octave - OctaveBits;
        var inside = (int)(micros & ((1UL << widthBits) - 1));
        step = widthBits >= StepBits ? inside >> (widthBits - StepBits) : inside << (StepBits - widthBits);
        return 1 + ((octave - FirstOctave) * PerOctave) + ((int)(micros >> widthBits) & (PerOctave - 1));
    }

    /// <summary>Gets the lower edge of a bucket in µs.</summary>
    public static long LowerEdge(int bucket) => bucket == 0 ? 0
        : bucket == Count - 1 ? 1L << LastOctave
        : (long)(PerOctave + ((bucket - 1) % PerOctave)) << (FirstOctave - OctaveBits + ((bucket - 1) / PerOctave));

    /// <summary>Gets the width of a bucket in µs. The topmost one has none.</summary>
    public static long Width(int bucket) => bucket == Count - 1 ? 0 : LowerEdge(bucket + 1) - LowerEdge(bucket);

    /// <summary>Gets the value that stands for a bucket: its middle, or the lower edge of the topmost one.</summary>
    public static TimeSpan Middle(int bucket) => new(((2 * LowerEdge(bucket)) + Width(bucket)) * TimeSpan.TicksPerMicrosecond / 2);

    /// <summary>Gets the sum of values of one bucket in 1/32 µs, each taken as the middle of its step.</summary>
    public static long Sum(int bucket, long count, long steps) =>
        (32 * count * LowerEdge(bucket)) + (Width(bucket) * ((2 * steps) + count) / 4);
}
