namespace AgentCanary.Metrics;

/// <summary>The sums of one score in millionths: whole numbers, so that the order of merging cannot change a bit.</summary>
internal readonly record struct ScoreSum(string Name, long Count, Int128 Sum, Int128 Squares)
{
    public ScoreMoments Moments
    {
        get
        {
            var mean = (double)Sum / FixedPoint.Millionths / Count;
            var squares = (double)Squares / FixedPoint.Millionths;
            return new(Count, mean, Count == 1 ? 0 : Math.Max(0, (squares - (mean * mean * Count)) / (Count - 1)));
        }
    }

    public ScoreSum Plus(ScoreSum other) => new(Name, Count + other.Count, Sum + other.Sum, Squares + other.Squares);
}
