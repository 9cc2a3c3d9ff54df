using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentCanary.Cli.Demo;

/// <summary>Reads an agent's answer as a client would: whole JSON, or a stream of chunks that has to end with [DONE].</summary>
internal static class AnswerReader
{
    public static async Task<UserAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var version = response.Headers.TryGetValues("X-Canary-Version", out var values) ? string.Join(",", values) : "";
        if (!response.IsSuccessStatusCode) return new UserAnswer(version, Failed: true, IsWithheld: false, "");
        try
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? OfStream(version, body) : OfWhole(version, body);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException)
        {
            return new UserAnswer(version, Failed: true, IsWithheld: false, "");
        }
    }

    private static UserAnswer OfWhole(string version, string body)
    {
        var choice = JsonNode.Parse(body)?["choices"]?[0];
        return new UserAnswer(version, Failed: choice is null, IsWithheld(choice), choice?["message"]?["content"]?.GetValue<string>() ?? "");
    }

    private static UserAnswer OfStream(string version, string body)
    {
        const string prefix = "data: ";
        var (text, isWithheld, isDone) = (new StringBuilder(), false, false);
        foreach (var line in body.Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (line[prefix.Length..].TrimEnd() is not "[DONE]" and var payload)
            {
                var choice = JsonNode.Parse(payload)?["choices"]?.AsArray().FirstOrDefault();
                text.Append(choice?["delta"]?["content"]?.GetValue<string>());
                isWithheld |= IsWithheld(choice);
                continue;
            }

            isDone = true;
        }

        return new UserAnswer(version, Failed: !isDone, isWithheld, text.ToString());
    }

    private static bool IsWithheld(JsonNode? choice) => choice?["finish_reason"]?.GetValue<string>() == "content_filter";
}
