using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace AgentCanary.Testing;

/// <summary>
/// Makes values of our records with every member set, found by reflection: a member that is added later is made, compared and so tested without a word here.
/// </summary>
public static class Anything
{
    private static readonly string[] Odd = ["", "ä€😀", "a\"b\\c\n\u0000", "</script>", "null", " "];

    public static T Of<T>(int seed) => (T)Make(typeof(T), new Random(seed), depth: 0)!;

    /// <summary>Writes every member of a value, so that two values say the same exactly where their texts are equal.</summary>
    public static string Describe(object? value)
    {
        var text = new StringBuilder();
        Describe(value, text);
        return text.ToString();
    }

    private static object? Make(Type type, Random random, int depth)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return random.Next(3) == 0 ? null : Make(inner, random, depth);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length));
        if (type == typeof(string)) return random.Next(4) == 0 ? Odd[random.Next(Odd.Length)] : $"text-{random.Next()}";
        if (type == typeof(bool)) return random.Next(2) == 0;
        if (type == typeof(int)) return random.Next(int.MinValue, int.MaxValue);
        if (type == typeof(long)) return random.NextInt64(long.MinValue, long.MaxValue);
        if (type == typeof(ulong)) return unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue));
        if (type == typeof(double)) return MakeDouble(random);
        if (type == typeof(TimeSpan)) return random.Next(8) == 0 ? TimeSpan.MaxValue : new TimeSpan(random.NextInt64(-1L << 40, 1L << 55));
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks), TimeSpan.Zero);
        if (type == typeof(Weight)) return new Weight(random.Next(Weight.Scale + 1));
        if (type == typeof(ImmutableSortedDictionary<string, string>)) return MakePairs(random);
        if (IsArray(type)) return MakeArray(type, random, depth);
        return MakeRecord(type, random, depth);
    }

    private static double MakeDouble(Random random) => random.Next(8) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => -0.0,
        4 => double.Epsilon,
        _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)) is var value && double.IsFinite(value) ? value : 0.1,
    };

    private static ImmutableSortedDictionary<string, string> MakePairs(Random random) => Enumerable.Range(0, random.Next(4))
        .Select(i => KeyValuePair.Create($"{i}-{Odd[random.Next(Odd.Length)]}", $"{random.Next()}")).ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static object MakeArray(Type type, Random random, int depth)
    {
        var element = type.GetGenericArguments()[0];
        // Checks alone tell an absent array from an empty one.
        if (element == typeof(Check) && random.Next(4) == 0) return default(ImmutableArray<Check>);
        var items = Array.CreateInstance(element, random.Next(4));
        for (var i = 0; i < items.Length; i++) items.SetValue(Make(element, random, depth + 1), i);
        var create = typeof(ImmutableArray).GetMethods().Single(method => method.Name == nameof(ImmutableArray.Create)
            && method.GetParameters() is [{ ParameterType.IsArray: true } only] && !only.IsDefined(typeof(System.Runtime.CompilerServices.ParamCollectionAttribute)));
        return create.MakeGenericMethod(element).Invoke(null, [items])!;
    }

    private static object? MakeRecord(Type type, Random random, int depth)
    {
        Assert.True(depth < 10, $"{type} is nested too deeply to be made.");
        var constructor = type.GetConstructors().OrderByDescending(one => one.GetParameters().Length).First();
        var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Make(parameter.ParameterType, random, depth + 1))]);
        foreach (var property in Members(type).Where(property => property.CanWrite))
        {
            var mayBeNull = new NullabilityInfoContext().Create(property).WriteState is NullabilityState.Nullable;
            property.SetValue(made, mayBeNull && random.Next(3) == 0 ? null : Make(property.PropertyType, random, depth + 1));
        }
        return made;
    }

    private static void Describe(object? value, StringBuilder text)
    {
        if (value is null) text.Append("null");
        else if (value is double number) text.Append(BitConverter.DoubleToInt64Bits(number));
        else if (value is string or bool or int or long or ulong or Enum) text.Append(CultureInfo.InvariantCulture, $"'{value}'");
        else if (value is TimeSpan span) text.Append(span.Ticks);
        else if (value is DateTimeOffset at) text.Append(at.UtcTicks);
        else if (IsArray(value.GetType()) && (bool)value.GetType().GetProperty("IsDefault")!.GetValue(value)!) text.Append("default");
        else if (value is IEnumerable items) DescribeAll(items, text);
        else DescribeRecord(value, text);
    }

    private static void DescribeAll(IEnumerable items, StringBuilder text)
    {
        text.Append('[');
        foreach (var item in items)
        {
            Describe(item, text);
            text.Append(", ");
        }
        text.Append(']');
    }

    private static void DescribeRecord(object value, StringBuilder text)
    {
        text.Append(value.GetType().Name).Append('{');
        foreach (var property in Members(value.GetType()).Where(property => property.CanWrite || value is Weight || property.DeclaringType!.Name.StartsWith("KeyValuePair", StringComparison.Ordinal)))
        {
            text.Append(property.Name).Append(": ");
            Describe(property.GetValue(value), text);
            text.Append(", ");
        }
        text.Append('}');
    }

    private static IEnumerable<PropertyInfo> Members(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0 && property.Name != nameof(Weight.Fraction));

    private static bool IsArray(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);
}
