using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentCanary.Routing;

namespace AgentCanary.Benchmarks.Naive;

/// <summary>Routing as one writes it at first: the framework's UTF-8, the framework's MD5, a remainder.</summary>
internal static class FrameworkMd5Router
{
    public static Variant Route(RoutePlan plan, string key)
    {
        var hash = MD5.HashData(Encoding.UTF8.GetBytes(key));
        return BinaryPrimitives.ReadUInt32BigEndian(hash) % Weight.Scale < plan.Weight.BasisPoints ? Variant.Canary : Variant.Stable;
    }
}
