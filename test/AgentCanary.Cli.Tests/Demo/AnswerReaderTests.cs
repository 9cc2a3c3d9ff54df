using System.Net;
using System.Text;
using AgentCanary.Cli.Demo;

namespace AgentCanary.Cli.Tests.Demo;

public sealed class AnswerReaderTests
{
    private const string Word = """data: {"choices":[{"delta":{"content":"Hel"},"finish_reason":null}]}""";

    [Fact]
    public async Task A_whole_answer_gives_its_version_and_its_words() => Assert.Equal(
        new UserAnswer("v1.1.0", Failed: false, IsWithheld: false, "Hello"),
        await ReadAsync(HttpStatusCode.OK, "application/json", """{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}"""));

    [Fact]
    public async Task A_refusal_has_no_words_and_is_no_failure() => Assert.Equal(
        new UserAnswer("v1.1.0", Failed: false, IsWithheld: false, ""),
        await ReadAsync(HttpStatusCode.OK, "application/json", """{"choices":[{"message":{"content":null,"refusal":"no"},"finish_reason":"stop"}]}"""));

    [Fact]
    public async Task A_withheld_answer_is_seen_in_both_forms()
    {
        Assert.True((await ReadAsync(HttpStatusCode.OK, "application/json", """{"choices":[{"message":{"content":"x"},"finish_reason":"content_filter"}]}""")).IsWithheld);
        Assert.True((await ReadAsync(
            HttpStatusCode.OK, "text/event-stream", $"{Word}\n\ndata: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":\"content_filter\"}}]}}\n\ndata: [DONE]\n\n")).IsWithheld);
    }

    [Fact]
    public async Task A_stream_is_read_word_by_word_usage_chunk_included() => Assert.Equal(
        new UserAnswer("v1.1.0", Failed: false, IsWithheld: false, "HelHel"),
        await ReadAsync(HttpStatusCode.OK, "text/event-stream", $"{Word}\n\n{Word}\n\ndata: {{\"choices\":[],\"usage\":{{}}}}\n\ndata: [DONE]\n\n"));

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "application/json", """{"error":{}}""")]
    [InlineData(HttpStatusCode.OK, "application/json", "not json")]
    [InlineData(HttpStatusCode.OK, "application/json", "{}")]
    [InlineData(HttpStatusCode.OK, "text/event-stream", Word + "\n\n")]
    [InlineData(HttpStatusCode.OK, "text/event-stream", "")]
    public async Task What_is_no_whole_answer_is_a_failure(HttpStatusCode status, string type, string body) =>
        Assert.True((await ReadAsync(status, type, body)).Failed);

    private static async Task<UserAnswer> ReadAsync(HttpStatusCode status, string type, string body)
    {
        using var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) };
        response.Headers.Add("X-Canary-Version", "v1.1.0");
        return await AnswerReader.ReadAsync(response, default);
    }
}
