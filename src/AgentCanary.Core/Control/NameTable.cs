using System.Collections.Frozen;

namespace AgentCanary.Control;

/// <summary>The names of an enum's members in stored JSON. Chosen, not derived: renaming a member changes no name, and order means nothing.</summary>
internal sealed class NameTable<T>(params (T Member, string Name)[] entries)
    where T : struct, Enum
{
    private readonly FrozenDictionary<T, string> _names = entries.ToFrozenDictionary(entry => entry.Member, entry => entry.Name);
    private readonly FrozenDictionary<string, T> _members = entries.ToFrozenDictionary(entry => entry.Name, entry => entry.Member, StringComparer.Ordinal);

    /// <summary>Names a member.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member.</exception>
    public string NameOf(T member) => _names.TryGetValue(member, out var name) ? name
        : throw new ArgumentOutOfRangeException(nameof(member), member, $"{typeof(T).Name} has no such member.");

    public bool TryFind(string name, out T member) => _members.TryGetValue(name, out member);
}
