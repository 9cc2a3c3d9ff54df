namespace AgentCanary.Shadow;

/// <summary>
/// How similar two texts are: the share of pairs of neighbouring words that both have (Dice 1945), case, punctuation and blanks left aside. Cheap, and blind for meaning. Pure and thread-safe.
/// </summary>
public static class TextSimilarity
{
    // From here on scripts are written without blanks, so that each letter is a word.
    private const char FirstOfScriptsWithoutBlanks = '\u2E80';

    /// <summary>Gets the similarity, 0 to 1; 1 for texts of the same words in the same order.</summary>
    public static double Of(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left == right) return 1;
        var (one, other) = (Words(left), Words(right));
        if (one.SequenceEqual(other)) return 1;
        var counts = new Dictionary<(string, string), int>();
        foreach (var pair in Pairs(one)) counts[pair] = counts.GetValueOrDefault(pair) + 1;
        var shared = 0;
        foreach (var pair in Pairs(other))
        {
            if (counts.GetValueOrDefault(pair) is not (> 0 and var rest)) continue;
            counts[pair] = rest - 1;
            shared++;
        }
        // Pairs include the edges, so there is one more of them than words.
        return 2.0 * shared / (one.Count + other.Count + 2);
    }

    private static IEnumerable<(string, string)> Pairs(List<string> words)
    {
        for (var i = 0; i <= words.Count; i++) yield return (i == 0 ? "" : words[i - 1], i == words.Count ? "" : words[i]);
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var isOwn = i < text.Length && text[i] >= FirstOfScriptsWithoutBlanks;
            if (i < text.Length && !isOwn && char.IsLetterOrDigit(text[i]))
            {
                if (start < 0) start = i;
                continue;
            }
            if (start >= 0) words.Add(text[start..i].ToLowerInvariant());
            start = -1;
            if (isOwn) words.Add(text[i].ToString());
        }
        return words;
    }
}
