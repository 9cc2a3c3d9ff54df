using System.Text;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// Decodes a <c>Content-Length</c> so that only digits stay digits. The web server's own reading also takes a sign and spaces, which another program
/// on the way may read as a different length; here they become letters, and the server answers 400.
/// </summary>
internal sealed class StrictDigits : Encoding
{
    public static StrictDigits Instance { get; } = new();

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    // The server decodes into a buffer of 20 characters: a longer text cannot be a length either.
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (bytes.Length > chars.Length)
        {
            chars.Fill('x');
            return chars.Length;
        }

        for (var i = 0; i < bytes.Length; i++) chars[i] = char.IsAsciiDigit((char)bytes[i]) ? (char)bytes[i] : 'x';
        return bytes.Length;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
