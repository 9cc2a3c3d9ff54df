namespace AgentCanary.Spec;

/// <summary>Guesses what a person meant.</summary>
internal static class Spelling
{
    private const int LongestGuess = 40;

    /// <summary>Writes <c>did you mean 'stages'?</c> or, without a near word, the list of words.</summary>
    public static string Advise(string word, IReadOnlyCollection<string> known) =>
        Near(word, known) is { } near ? $"did you mean '{near}'?" : $"known here are {string.Join(", ", known)}";

    /// <summary>Finds the known word that was probably meant; null where none is near.</summary>
    public static string? Near(string word, IReadOnlyCollection<string> known) =>
        word.Length > LongestGuess ? null : known
            .Select(candidate => (Word: candidate, Distance: Distance(word, candidate)))
            .Where(guess => guess.Distance <= Math.Max(1, guess.Word.Length / 3))
            .OrderBy(guess => guess.Distance).ThenBy(guess => guess.Word, StringComparer.Ordinal)
            .Select(guess => guess.Word).FirstOrDefault();

    /// <summary>The number of letters to insert, delete, replace or swap with a neighbour (optimal string alignment).</summary>
    private static int Distance(string left, string right)
    {
        var before = Array.Empty<int>();
        var above = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var row = new int[right.Length + 1];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = above[j - 1] + (char.ToLowerInvariant(left[i - 1]) == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, above) = (above, row);
        }
        return above[^1];
    }
}
