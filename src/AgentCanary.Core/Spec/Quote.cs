using System.Globalization;
using System.Text;

namespace AgentCanary.Spec;

/// <summary>
/// Quotes what a person wrote, short and without control characters, so that a fault fits on a line. Pure and thread-safe.
/// </summary>
public static class Quote
{
    private const int Longest = 60;

    /// <summary>Puts <see cref="Plain"/> between single quotes.</summary>
    public static string Of(string text) => $"'{Plain(text)}'";

    /// <summary>Writes the text on one line: control characters and half surrogate pairs as escapes, cut after 60 characters.</summary>
    public static string Plain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cut = text.Length > Longest;
        var plain = new StringBuilder(Math.Min(text.Length, Longest) + 1);
        foreach (var letter in cut ? text.AsSpan(0, Longest) : text)
        {
            if (char.IsControl(letter) || char.IsSurrogate(letter) && cut || letter is '\u2028' or '\u2029')
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else plain.Append(letter);
        }
        return cut ? plain.Append('…').ToString() : plain.ToString();
    }
}
