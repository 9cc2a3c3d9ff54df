using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentCanary.Cli.Demo;

/// <summary>Reads an agent's answer as a client would: whole JSON, or a stream of chunks that has to end with [DONE].</summary>
internal static class AnswerReader
{
    // By these words the simulated users know the agent's evasion. No protocol tells it.
    private const string Elsewhere = "on our website";

    public static async Task<UserAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var answer = new UserAnswer(Header(response, "X-Canary-Version"), Header(response, "X-Canary-Decision"), AnswerKind.Failed, "");
        if (response.StatusCode is HttpStatusCode.ServiceUnavailable) return answer with { Kind = AnswerKind.Withdrawn };
        if (!response.IsSuccessStatusCode) return answer;
        try
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            var (kind, text) = response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? OfStream(body) : OfWhole(body);
            return answer with { Kind = kind, Text = text };
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException)
        {
            return answer;
        }
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : "";

    private static (AnswerKind Kind, string Text) OfWhole(string body)
    {
        var choice = JsonNode.Parse(body)?["choices"]?[0];
        var text = Text(choice?["message"], "content");
        return (choice is null ? AnswerKind.Failed : KindOf(IsWithheld(choice), Text(choice["message"], "refusal").Length > 0, text), text);
    }

    private static (AnswerKind Kind, string Text) OfStream(string body)
    {
        const string prefix = "data: ";
        var (text, isWithheld, isRefused, isDone) = (new StringBuilder(), false, false, false);
        foreach (var line in body.Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (line[prefix.Length..].TrimEnd() is not "[DONE]" and var payload)
            {
                var choice = JsonNode.Parse(payload)?["choices"]?.AsArray().FirstOrDefault();
                text.Append(Text(choice?["delta"], "content"));
                isRefused |= Text(choice?["delta"], "refusal").Length > 0;
                isWithheld |= IsWithheld(choice);
                continue;
            }

            isDone = true;
        }

        return (isDone ? KindOf(isWithheld, isRefused, text.ToString()) : AnswerKind.Failed, text.ToString());
    }

    private static AnswerKind KindOf(bool isWithheld, bool isRefused, string text) => isWithheld ? AnswerKind.Withheld
        : isRefused ? AnswerKind.Refused
        : text.Contains(Elsewhere, StringComparison.Ordinal) ? AnswerKind.Evasive
        : AnswerKind.Helpful;

    private static string Text(JsonNode? message, string name) => message?[name]?.GetValue<string>() ?? "";

    private static bool IsWithheld(JsonNode? choice) => choice?["finish_reason"]?.GetValue<string>() == "content_filter";
}
