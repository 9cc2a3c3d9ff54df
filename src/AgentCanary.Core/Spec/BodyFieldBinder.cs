using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds the JSON fields that are set in request bodies to a version.</summary>
internal static class BodyFieldBinder
{
    public static ImmutableSortedDictionary<string, string> Bind(Place? place)
    {
        var fields = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value, key) in place?.Section("a mapping such as { model: gpt-x }")?.All ?? [])
        {
            if (name.Length == 0) key.Fault("a JSON field needs a name: write one, such as model");
            if (SecretText.IsSecretField(name))
                key.Fault($"{Quote.Of(name)} is a secret and does not belong into a body: send it as a header with env:NAME");
            fields[name] = JsonText.Write(value);
        }
        return fields.ToImmutable();
    }
}
