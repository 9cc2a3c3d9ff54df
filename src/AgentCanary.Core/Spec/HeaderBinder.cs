using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds the headers that are set on requests to a version.</summary>
internal static class HeaderBinder
{
    public static ImmutableSortedDictionary<string, string> Bind(Place? place)
    {
        var headers = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value, key) in place?.Section("a mapping such as { x-agent-version: v1.1.0 }")?.All ?? [])
        {
            if (HeaderText.JudgeName(name) is { } fault) key.Fault(fault);
            else if (headers.ContainsKey(name)) key.Fault($"{Quote.Of(name)} is set twice: header names differ by more than case");
            headers[name] = Value(name, value) ?? "";
        }
        return headers.ToImmutable();
    }

    private static string? Value(string name, Place place)
    {
        if (place.Text("the header's value") is not { } text) return null;
        var isSecret = SecretText.IsSecretHeader(name, text);
        var fault = SecretText.LooksLikeReference(text) && !SecretText.IsReference(text) ? SecretText.BadReference
            : isSecret && !SecretText.IsReference(text) ? SecretText.Refusal
            : HeaderText.JudgeValue(text);
        if (fault is not null) place.Fault(fault);
        return text;
    }
}
