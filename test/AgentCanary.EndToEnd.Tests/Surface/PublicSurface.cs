using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace AgentCanary.EndToEnd.Tests.Surface;

/// <summary>Everything of an assembly that its users can name, one line each, in an order that does not depend on the compiler.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        var types = assembly.GetExportedTypes().Where(type => !IsMadeUp(type.FullName!))
            .OrderBy(type => type.FullName, StringComparer.Ordinal);
        foreach (var type in types)
        {
            text.Append(SurfaceLines.OfType(type)).Append('\n');
            foreach (var line in MembersOf(type).Order(StringComparer.Ordinal)) text.Append("    ").Append(line).Append('\n');
        }
        return text.ToString();
    }

    private static IEnumerable<string> MembersOf(Type type) => type.IsEnum
        ? Enum.GetNames(type).Select(name => $"{Convert.ToInt64(Enum.Parse(type, name), null):D3} {name}")
        : type.GetMembers(Declared).Where(IsSeen).Select(SurfaceLines.OfMember);

    private static bool IsSeen(MemberInfo member) => !IsMadeUp(member.Name) && member switch
    {
        Type => false, // listed by itself
        PropertyInfo property => property.Name is not "EqualityContract" && property.GetAccessors(nonPublic: true).Any(IsSeen),
        EventInfo happening => IsSeen(happening.AddMethod!),
        MethodInfo { IsSpecialName: true } accessor when !accessor.Name.StartsWith("op_", StringComparison.Ordinal) => false,
        // What a record gets by itself says nothing that "record" does not say.
        MethodInfo method => IsSeen((MethodBase)method) && !method.IsDefined(typeof(CompilerGeneratedAttribute)),
        ConstructorInfo constructor => IsSeen((MethodBase)constructor),
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => false,
    };

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsMadeUp(string name) => name.Contains('<', StringComparison.Ordinal);
}
