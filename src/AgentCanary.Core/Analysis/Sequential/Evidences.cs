namespace AgentCanary.Analysis.Sequential;

/// <summary>Puts the evidence of several checks together. Pure and thread-safe.</summary>
public static class Evidences
{
    /// <summary>ln of the weighted mean of e-values: valid under any dependence, and never slower than a split of α (Vovk and Wang 2021).</summary>
    /// <param name="logs">ln E of each check.</param>
    /// <param name="weights">The weights, 1 in sum.</param>
    public static double LogMean(ReadOnlySpan<double> logs, ReadOnlySpan<double> weights)
    {
        Span<double> weighted = stackalloc double[logs.Length];
        for (var i = 0; i < logs.Length; i++) weighted[i] = logs[i] + Math.Log(weights[i]);
        return Numerics.LogSumExp(weighted);
    }

    /// <summary>
    /// The e-value that says which check is guilty, at the level of the family: the least mean of it and the j smallest others (closed testing of the arithmetic mean).
    /// </summary>
    /// <param name="logs">ln E of each check.</param>
    /// <param name="index">The check.</param>
    public static double Adjusted(ReadOnlySpan<double> logs, int index)
    {
        var others = new List<double>(logs.Length);
        for (var i = 0; i < logs.Length; i++)
        {
            if (i != index) others.Add(Math.Exp(logs[i]));
        }
        others.Sort();
        var (sum, least) = (Math.Exp(logs[index]), Math.Exp(logs[index]));
        for (var j = 0; j < others.Count; j++)
        {
            sum += others[j];
            least = Math.Min(least, sum / (j + 2));
        }
        return least;
    }

    /// <summary>How many checks are rejected with a false discovery rate of <paramref name="alpha"/> (e-BH).</summary>
    public static int Rejected(ReadOnlySpan<double> logs, double alpha)
    {
        var values = logs.ToArray();
        Array.Sort(values);
        for (var k = values.Length; k >= 1; k--)
        {
            if (Math.Exp(values[^k]) >= values.Length / (alpha * k)) return k;
        }
        return 0;
    }

    /// <summary>The design effect of sticky keys: Σ(e_u − p̂ n_u)² / (p̂ (1 − p̂) Σ n_u), at least 1. Evidence by request is divided by it where it is above 1.2.</summary>
    /// <param name="keys">For each sampled stable key its requests and the bad ones of them.</param>
    public static double DesignEffect(IReadOnlyCollection<(long Count, long Bad)> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var count = keys.Sum(key => key.Count);
        var rate = count == 0 ? 0 : keys.Sum(key => key.Bad) / (double)count;
        return rate is <= 0 or >= 1 ? 1 : Math.Max(1, keys.Sum(key => Math.Pow(key.Bad - (rate * key.Count), 2)) / (rate * (1 - rate) * count));
    }
}
