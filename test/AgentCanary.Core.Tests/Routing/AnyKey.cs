using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Routing;

/// <summary>Sticky keys and salts for laws: any string at all, lone surrogates and long ones among them.</summary>
internal static class AnyKey
{
    private static readonly Gen<char> Units = Gen.Frequency(
        (6, Gen.Choose(0x20, 0x7e).Select(unit => (char)unit)),
        (2, Gen.Choose(0, 0xffff).Select(unit => (char)unit)),
        (1, Gen.Choose(0xd800, 0xdfff).Select(unit => (char)unit)));

    public static Arbitrary<string> Strings { get; } = Arb.From(
        from length in Gen.Frequency((6, Gen.Choose(0, 40)), (3, Gen.Choose(0, 200)), (1, Gen.Choose(200, 2000)))
        from units in Gen.ArrayOf(Units, length)
        select new string(units));

    public static Arbitrary<ulong> Salts { get; } = Arb.From(
        from high in Gen.Choose(0, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        select ((ulong)high << 33) ^ (ulong)low);

    public static Arbitrary<Weight> Weights { get; } = Arb.From(Gen.Frequency(
        (4, Gen.Choose(0, Weight.Scale)), (1, Gen.Choose(0, 3)), (1, Gen.Choose(Weight.Scale - 3, Weight.Scale)))
        .Select(points => new Weight(points)));
}
