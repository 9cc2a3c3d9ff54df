using System.Buffers.Binary;
using System.Numerics;

namespace AgentCanary.Core.Tests.Routing;

/// <summary>XXH64 step by step as the specification tells it, over the whole input at once: what the fast one is compared with.</summary>
internal static class PlainXxh64
{
    private const ulong P1 = 11400714785074694791;
    private const ulong P2 = 14029467366897019727;
    private const ulong P3 = 1609587929392839161;
    private const ulong P4 = 9650029242287828579;
    private const ulong P5 = 2870177450012600261;

    public static ulong Hash(byte[] input, ulong seed)
    {
        var at = 0;
        var acc = seed + P5;
        if (input.Length >= 32)
        {
            ulong[] lanes = [seed + P1 + P2, seed + P2, seed, seed - P1];
            for (; at + 32 <= input.Length; at += 32)
                for (var i = 0; i < 4; i++) lanes[i] = Round(lanes[i], Lane(input, at + (8 * i)));
            acc = BitOperations.RotateLeft(lanes[0], 1) + BitOperations.RotateLeft(lanes[1], 7)
                + BitOperations.RotateLeft(lanes[2], 12) + BitOperations.RotateLeft(lanes[3], 18);
            foreach (var lane in lanes) acc = ((acc ^ Round(0, lane)) * P1) + P4;
        }
        acc += (ulong)input.Length;
        for (; at + 8 <= input.Length; at += 8) acc = (BitOperations.RotateLeft(acc ^ Round(0, Lane(input, at)), 27) * P1) + P4;
        for (; at + 4 <= input.Length; at += 4)
            acc = (BitOperations.RotateLeft(acc ^ (BinaryPrimitives.ReadUInt32LittleEndian(input.AsSpan(at)) * P1), 23) * P2) + P3;
        for (; at < input.Length; at++) acc = BitOperations.RotateLeft(acc ^ (input[at] * P5), 11) * P1;
        acc = (acc ^ (acc >> 33)) * P2;
        acc = (acc ^ (acc >> 29)) * P3;
        return acc ^ (acc >> 32);
    }

    private static ulong Lane(byte[] input, int at) => BinaryPrimitives.ReadUInt64LittleEndian(input.AsSpan(at));

    private static ulong Round(ulong acc, ulong lane) => BitOperations.RotateLeft(acc + (lane * P2), 31) * P1;
}
