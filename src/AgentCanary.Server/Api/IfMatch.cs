using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace AgentCanary.Server.Api;

/// <summary>Reads <c>If-Match: "REVISION"</c>.</summary>
internal static class IfMatch
{
    /// <summary>Reads the header.</summary>
    /// <param name="header">The header; absent and <c>*</c> mean any revision.</param>
    /// <param name="revision">The revision that the asker looked at, or null for any.</param>
    /// <param name="fault">What is wrong and what would be right; null where the header is accepted.</param>
    public static bool TryRead(StringValues header, out long? revision, [NotNullWhen(false)] out string? fault)
    {
        (revision, fault) = (null, null);
        var text = header.ToString().Trim();
        if (text is "" or "*") return true;
        if (text is ['"', .. var digits, '"'] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            revision = number;
            return true;
        }
        fault = $"If-Match is '{text}': write one revision in quotes, such as \"12\".";
        return false;
    }
}
