using System.Buffers.Binary;
using System.Numerics;

namespace AgentCanary.Routing;

/// <summary>
/// MD5 (RFC 1321) over bytes that come in pieces. Managed, because a block costs about 100 ns here and several times that through the
/// framework. It spreads keys and protects nothing. Not thread-safe: each caller has its own.
/// </summary>
internal struct Md5
{
    /// <summary>The bytes that are mixed in at once.</summary>
    public const int BlockBytes = 64;

    /// <summary>The most bytes that fit in one block together with the mark and the length.</summary>
    public const int MostInOneBlock = BlockBytes - 9;

    // floor(2^32 × |sin(i + 1)|)
    private static readonly uint[] Sines =
    [
        0xD76AA478, 0xE8C7B756, 0x242070DB, 0xC1BDCEEE, 0xF57C0FAF, 0x4787C62A, 0xA8304613, 0xFD469501,
        0x698098D8, 0x8B44F7AF, 0xFFFF5BB1, 0x895CD7BE, 0x6B901122, 0xFD987193, 0xA679438E, 0x49B40821,
        0xF61E2562, 0xC040B340, 0x265E5A51, 0xE9B6C7AA, 0xD62F105D, 0x02441453, 0xD8A1E681, 0xE7D3FBC8,
        0x21E1CDE6, 0xC33707D6, 0xF4D50D87, 0x455A14ED, 0xA9E3E905, 0xFCEFA3F8, 0x676F02D9, 0x8D2A4C8A,
        0xFFFA3942, 0x8771F681, 0x6D9D6122, 0xFDE5380C, 0xA4BEEA44, 0x4BDECFA9, 0xF6BB4B60, 0xBEBFBC70,
        0x289B7EC6, 0xEAA127FA, 0xD4EF3085, 0x04881D05, 0xD9D4D039, 0xE6DB99E5, 0x1FA27CF8, 0xC4AC5665,
        0xF4292244, 0x432AFF97, 0xAB9423A7, 0xFC93A039, 0x655B59C3, 0x8F0CCC92, 0xFFEFF47D, 0x85845DD1,
        0x6FA87E4F, 0xFE2CE6E0, 0xA3014314, 0x4E0811A1, 0xF7537E82, 0xBD3AF235, 0x2AD7D2BB, 0xEB86D391,
    ];

    private uint _a = 0x67452301;
    private uint _b = 0xEFCDAB89;
    private uint _c = 0x98BADCFE;
    private uint _d = 0x10325476;
    private ulong _length;

    /// <summary>Starts a hash.</summary>
    public Md5()
    {
    }

    /// <summary>Mixes in all whole blocks and gives back the bytes that are left, fewer than 64.</summary>
    public ReadOnlySpan<byte> AddBlocks(ReadOnlySpan<byte> bytes)
    {
        _length += (ulong)(bytes.Length - (bytes.Length % BlockBytes));
        for (; bytes.Length >= BlockBytes; bytes = bytes[BlockBytes..]) Mix(bytes[..BlockBytes]);
        return bytes;
    }

    /// <summary>Ends the hash with the last bytes.</summary>
    /// <param name="block">At least 64 bytes: first the last ones of the input, as many as used, then zeros. Overwritten.</param>
    /// <param name="used">How many bytes are left, fewer than 64.</param>
    /// <returns>The first four bytes of the hash, big-endian.</returns>
    public uint Finish(Span<byte> block, int used)
    {
        _length += (ulong)used;
        block = block[..BlockBytes];
        block[used] = 0x80;
        if (used > MostInOneBlock)
        {
            Mix(block);
            block.Clear();
        }
        BinaryPrimitives.WriteUInt64LittleEndian(block[^8..], _length * 8);
        Mix(block);
        return BinaryPrimitives.ReverseEndianness(_a);
    }

    // Each step waits for the one before it, so the sums are written to leave as little as possible after the newest value:
    // the two halves of F and G share no bit and are added one by one, the late one last.
    private void Mix(ReadOnlySpan<byte> block)
    {
        var (a, b, c, d) = (_a, _b, _c, _d);
        var sines = Sines;
        for (var i = 0; i < 16; i += 4)
        {
            a = b + BitOperations.RotateLeft(a + sines[i] + Word(block, i) + (~b & d) + (b & c), 7);
            d = a + BitOperations.RotateLeft(d + sines[i + 1] + Word(block, i + 1) + (~a & c) + (a & b), 12);
            c = d + BitOperations.RotateLeft(c + sines[i + 2] + Word(block, i + 2) + (~d & b) + (d & a), 17);
            b = c + BitOperations.RotateLeft(b + sines[i + 3] + Word(block, i + 3) + (~c & a) + (c & d), 22);
        }
        for (var i = 16; i < 32; i += 4)
        {
            a = b + BitOperations.RotateLeft(a + sines[i] + Word(block, (5 * i) + 1) + (~d & c) + (d & b), 5);
            d = a + BitOperations.RotateLeft(d + sines[i + 1] + Word(block, (5 * i) + 6) + (~c & b) + (c & a), 9);
            c = d + BitOperations.RotateLeft(c + sines[i + 2] + Word(block, (5 * i) + 11) + (~b & a) + (b & d), 14);
            b = c + BitOperations.RotateLeft(b + sines[i + 3] + Word(block, 5 * i) + (~a & d) + (a & c), 20);
        }
        for (var i = 32; i < 48; i += 4)
        {
            a = b + BitOperations.RotateLeft(a + sines[i] + Word(block, (3 * i) + 5) + (c ^ d ^ b), 4);
            d = a + BitOperations.RotateLeft(d + sines[i + 1] + Word(block, (3 * i) + 8) + (b ^ c ^ a), 11);
            c = d + BitOperations.RotateLeft(c + sines[i + 2] + Word(block, (3 * i) + 11) + (a ^ b ^ d), 16);
            b = c + BitOperations.RotateLeft(b + sines[i + 3] + Word(block, (3 * i) + 14) + (d ^ a ^ c), 23);
        }
        for (var i = 48; i < 64; i += 4)
        {
            a = b + BitOperations.RotateLeft(a + sines[i] + Word(block, 7 * i) + (c ^ (b | ~d)), 6);
            d = a + BitOperations.RotateLeft(d + sines[i + 1] + Word(block, (7 * i) + 7) + (b ^ (a | ~c)), 10);
            c = d + BitOperations.RotateLeft(c + sines[i + 2] + Word(block, (7 * i) + 14) + (a ^ (d | ~b)), 15);
            b = c + BitOperations.RotateLeft(b + sines[i + 3] + Word(block, (7 * i) + 21) + (d ^ (c | ~a)), 21);
        }
        (_a, _b, _c, _d) = (_a + a, _b + b, _c + c, _d + d);
    }

    private static uint Word(ReadOnlySpan<byte> block, int index) => BinaryPrimitives.ReadUInt32LittleEndian(block[((index & 15) * 4)..]);
}
