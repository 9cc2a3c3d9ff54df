using System.Reflection;

namespace AgentCanary.EndToEnd.Tests.Surface;

/// <summary>Type names as a C# programmer writes them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(byte)] = "byte",
        [typeof(char)] = "char", [typeof(short)] = "short", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
    };

    /// <summary>Writes a type with its namespace where it is ours, for the line that introduces it.</summary>
    public static string Full(Type type) => type.DeclaringType is { } outer ? $"{Full(outer)}.{Of(type)}" : $"{type.Namespace}.{Of(type)}";

    /// <summary>Writes a type with what its annotations say of null.</summary>
    public static string Of(NullabilityInfo info)
    {
        var type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        var name = info.ElementType is { } element ? $"{Of(element)}[]"
            : info.GenericTypeArguments.Length > 0 && !type.IsNested && Nullable.GetUnderlyingType(type) is null
                ? $"{Plain(type)}<{string.Join(", ", info.GenericTypeArguments.Select(Of))}>"
            : Of(type);
        return !type.IsValueType && !type.IsGenericParameter && info.ReadState is NullabilityState.Nullable ? name + "?" : name;
    }

    /// <summary>Writes a type.</summary>
    public static string Of(Type type) => type switch
    {
        { IsByRef: true } or { IsPointer: true } => Of(type.GetElementType()!),
        { IsArray: true } => $"{Of(type.GetElementType()!)}[]",
        _ when Nullable.GetUnderlyingType(type) is { } inner => $"{Of(inner)}?",
        _ when Keywords.TryGetValue(type, out var keyword) => keyword,
        { IsGenericType: true } => $"{Plain(type)}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>",
        _ => type.Name,
    };

    private static string Plain(Type type) => type.Name.Split('`')[0];
}
