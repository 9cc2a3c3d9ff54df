using System.Globalization;
using System.Text;

namespace AgentCanary.Cli;

/// <summary>
/// Makes text from files and servers safe for a terminal: control characters become visible, so that nothing moves the cursor.
/// </summary>
internal static class PlainText
{
    /// <summary>Writes control and direction characters as <c>\u001b</c>; everything else as it is.</summary>
    public static string Of(string text)
    {
        if (!text.Any(IsUnsafe)) return text;
        var plain = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            if (IsUnsafe(letter)) plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else plain.Append(letter);
        }
        return plain.ToString();
    }

    // Format characters include those that turn the direction of text.
    private static bool IsUnsafe(char letter) =>
        char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
