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
}
