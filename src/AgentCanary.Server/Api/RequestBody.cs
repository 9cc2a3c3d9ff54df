using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Api;

/// <summary>Reads bodies up to a limit. What is left is drained by the server, so that the caller reads the answer and not a broken connection.</summary>
internal static class RequestBody
{
    /// <summary>The longest body in bytes.</summary>
    public const int Longest = 256 * 1024;

    /// <summary>Gets the answer to a longer one.</summary>
    public static Problem TooLarge { get; } = new(
        StatusCodes.Status413PayloadTooLarge, ProblemTitles.TooLarge, $"The body is longer than {Longest} bytes: send less.");

    /// <summary>Reads a body.</summary>
    /// <exception cref="BadHttpRequestException">It is longer than <see cref="Longest"/>, or broken.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes.Write(buffer.AsSpan(0, read));
            if (bytes.Length > Longest) throw new BadHttpRequestException(TooLarge.Detail, StatusCodes.Status413PayloadTooLarge);
        }
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }
}
