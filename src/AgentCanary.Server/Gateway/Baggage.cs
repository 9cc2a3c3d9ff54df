using System.Text;
using Microsoft.Extensions.Primitives;

namespace AgentCanary.Server.Gateway;

/// <summary>The members of W3C baggage that carry a version pin and a shadow's mark. The other members pass as they are, byte for byte.</summary>
internal static class Baggage
{
    public const string Name = "baggage";

    public const string Member = "canary.pin";

    /// <summary>The mark of a shadow's calls, for whoever may believe his callers.</summary>
    public const string Shadow = "canary-shadow";

    // What the recommendation has everybody pass on.
    private const int MostBytes = 8192;

    /// <summary>Finds the member's value, without its properties; null where there is none, or more than one.</summary>
    public static string? Find(StringValues header)
    {
        string? found = null;
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                if (!Is(line.AsSpan()[range], Member)) continue;
                if (found is not null) return null;
                var value = line.AsSpan()[range];
                value = value[(value.IndexOf('=') + 1)..];
                found = (value.IndexOf(';') is >= 0 and var end ? value[..end] : value).Trim().ToString();
            }
        }

        return found;
    }

    /// <summary>Takes the member off, and adds another one.</summary>
    /// <param name="header">The header's lines.</param>
    /// <param name="pin">The pin to carry, or null for none.</param>
    /// <returns>The header in one line, or null where nothing is left; without the pin where the line would be longer than everybody passes on, unless it is a shadow's.</returns>
    public static string? With(StringValues header, CarriedPin? pin)
    {
        if (header.Count == 0) return pin?.Member;
        var kept = new StringBuilder();
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var member = line.AsSpan()[range];
                if (member.IsWhiteSpace() || Is(member, Member) || (pin is { IsShadow: true } && Is(member, Shadow))) continue;
                if (kept.Length > 0) kept.Append(',');
                kept.Append(member);
            }
        }

        var fits = kept.Length + 1 + pin?.Member.Length <= MostBytes;
        // A shadow without its mark would act: rather than the mark, what its caller carried is left.
        if (!fits && pin is { IsShadow: true }) return pin.Member;
        if (pin is not null && fits) kept.Append(kept.Length > 0 ? "," : "").Append(pin.Member);
        return kept.Length == 0 ? null : kept.ToString();
    }

    /// <summary>Tells whether a header has the mark of a shadow's calls, whoever set it.</summary>
    public static bool HasShadow(StringValues header)
    {
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(','))
                if (Is(line.AsSpan()[range], Shadow)) return true;
        }

        return false;
    }

    private static bool Is(ReadOnlySpan<char> member, string name)
    {
        var end = member.IndexOf('=');
        return end > 0 && member[..end].Trim().Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}
