using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AgentCanary.EndToEnd.Tests.Surface;

/// <summary>How a type and its members are written down.</summary>
internal static class SurfaceLines
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly HashSet<Type?> SaidByTheKind = [null, typeof(object), typeof(ValueType), typeof(Enum)];

    public static string OfType(Type type)
    {
        var bases = new[] { type.BaseType }.Except(SaidByTheKind)
            .Concat(type.GetInterfaces().OrderBy(port => port.FullName, StringComparer.Ordinal))
            .Select(parent => TypeNames.Of(parent!)).ToList();
        return $"{KindOf(type)} {TypeNames.Full(type)}{(bases.Count > 0 && !type.IsEnum ? " : " + string.Join(", ", bases) : "")}";
    }

    public static string OfMember(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"{Reach(constructor)}new({ParametersOf(constructor)})",
        MethodInfo method => Reach(method)
            + $"{TypeNames.Of(Nullability.Create(method.ReturnParameter))} {method.Name}{Generic(method)}({ParametersOf(method)})",
        PropertyInfo property => Reach(property.GetAccessors(nonPublic: true)[0])
            + (property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "")
            + $"{TypeNames.Of(Nullability.Create(property))} {property.Name} {{ {Accessors(property)} }}",
        FieldInfo { IsLiteral: true } field => $"const {TypeNames.Of(field.FieldType)} {field.Name} = {Literal(field.GetRawConstantValue())}",
        FieldInfo field => (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "")
            + $"{TypeNames.Of(Nullability.Create(field))} {field.Name}",
        EventInfo happening => $"{Reach(happening.AddMethod!)}event {TypeNames.Of(happening.EventHandlerType!)} {happening.Name}",
        _ => throw new ArgumentException($"'{member}' is a {member.MemberType}: say here how it is written down.", nameof(member)),
    };

    private static string KindOf(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Reach(MethodBase method) => (method.IsPublic ? "" : "protected ")
        + (method.IsStatic ? "static " : method is { IsAbstract: true, DeclaringType.IsInterface: false } ? "abstract " : "");

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static string ParametersOf(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "")
        + (parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "")
        + $"{TypeNames.Of(Nullability.Create(parameter))} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue)}" : "")));

    private static string Accessors(PropertyInfo property) => string.Join(' ', new[]
    {
        property.GetMethod is { IsPrivate: false, IsAssembly: false } ? "get;" : "",
        property.SetMethod is not { IsPrivate: false, IsAssembly: false } setter ? ""
            : setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;",
    }.Where(accessor => accessor.Length > 0));

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
