using System.Net;
using System.Text;
using AgentCanary.Cli.Demo;

namespace AgentCanary.Cli.Tests.Demo;

public sealed class AnswerReaderTests
{
    private const string Word = """data: {"choices":[{"delta":{"content":"Hel"},"finish_reason":null}]}""";

    [Fact]
    public async Task A_whole_answer_gives_its_version_and_its_words() => Assert.Equal(
        new UserAnswer("v1.1.0", "d-1", AnswerKind.Helpful, "Hello"),
        await ReadAsync(HttpStatusCode.OK, "application/json", """{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}"""));

    [Fact]
    public async Task A_refusal_has_no_words_and_is_no_failure()
    {
        Assert.Equal(
            new UserAnswer("v1.1.0", "d-1", AnswerKind.Refused, ""),
            await ReadAsync(HttpStatusCode.OK, "application/json", """{"choices":[{"message":{"content":null,"refusal":"no"},"finish_reason":"stop"}]}"""));
        Assert.Equal(
            AnswerKind.Refused,
            (await ReadAsync(HttpStatusCode.OK, "text/event-stream", "data: {\"choices\":[{\"delta\":{\"refusal\":\"no\"}}]}\n\ndata: [DONE]\n\n")).Kind);
    }

    [Fact]
    public async Task An_answer_that_sends_the_user_elsewhere_is_seen_in_both_forms()
    {
        Assert.Equal(
            AnswerKind.Evasive, (await ReadAsync(HttpStatusCode.OK, "application/json", """{"choices":[{"message":{"content":"It is on our website."}}]}""")).Kind);
        const string stream = "data: {\"choices\":[{\"delta\":{\"content\":\"It is on our\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\" website.\"}}]}\n\ndata: [DONE]\n\n";
        Assert.Equal(AnswerKind.Evasive, (await ReadAsync(HttpStatusCode.OK, "text/event-stream", stream)).Kind);
    }

    [Fact]
    public async Task A_withheld_answer_is_seen_in_both_forms()
    {
        Assert.Equal(
            AnswerKind.Withheld, (await ReadAsync(HttpStatusCode.OK, "application/json", """{"choices":[{"message":{"content":"x"},"finish_reason":"content_filter"}]}""")).Kind);
        Assert.Equal(AnswerKind.Withheld, (await ReadAsync(
            HttpStatusCode.OK, "text/event-stream", $"{Word}\n\ndata: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":\"content_filter\"}}]}}\n\ndata: [DONE]\n\n")).Kind);
    }

    [Fact]
    public async Task A_stream_is_read_word_by_word_usage_chunk_included() => Assert.Equal(
        new UserAnswer("v1.1.0", "d-1", AnswerKind.Helpful, "HelHel"),
        await ReadAsync(HttpStatusCode.OK, "text/event-stream", $"{Word}\n\n{Word}\n\ndata: {{\"choices\":[],\"usage\":{{}}}}\n\ndata: [DONE]\n\n"));

    [Fact]
    public async Task What_a_rollback_took_away_is_no_failure_of_the_version() => Assert.Equal(
        AnswerKind.Withdrawn, (await ReadAsync(HttpStatusCode.ServiceUnavailable, "application/json", """{"error":{}}""")).Kind);

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "application/json", """{"error":{}}""")]
    [InlineData(HttpStatusCode.OK, "application/json", "not json")]
    [InlineData(HttpStatusCode.OK, "application/json", "{}")]
    [InlineData(HttpStatusCode.OK, "text/event-stream", Word + "\n\n")]
    [InlineData(HttpStatusCode.OK, "text/event-stream", "")]
    public async Task What_is_no_whole_answer_is_a_failure(HttpStatusCode status, string type, string body) =>
        Assert.Equal(AnswerKind.Failed, (await ReadAsync(status, type, body)).Kind);

    private static async Task<UserAnswer> ReadAsync(HttpStatusCode status, string type, string body)
    {
        using var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) };
        response.Headers.Add("X-Canary-Version", "v1.1.0");
        response.Headers.Add("X-Canary-Decision", "d-1");
        return await AnswerReader.ReadAsync(response, default);
    }
}
