namespace AgentCanary.Metrics;

/// <summary>Spreads threads over the stripes of a counter: each thread keeps the number it drew first, so threads that start one after the
/// other do not collide.</summary>
internal static class Stripe
{
    private static int _next;

    [ThreadStatic]
    private static int _mine;

    /// <summary>Gets the number of this thread, never 0. Mask it with the number of stripes less one.</summary>
    public static int Mine => _mine is not 0 and var mine ? mine : Draw();

    /// <summary>Rounds a number of stripes up to a power of two, 1 to 64.</summary>
    public static int Round(int stripes) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(stripes, 1, 64));

    private static int Draw() => _mine = Interlocked.Increment(ref _next) | int.MinValue; // the sign keeps it from ever being 0
}
