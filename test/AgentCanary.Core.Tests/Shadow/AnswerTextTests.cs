using System.Text;
using AgentCanary.Shadow;

namespace AgentCanary.Core.Tests.Shadow;

public sealed class AnswerTextTests
{
    [Theory]
    [InlineData("""{"id":"1","model":"new","choices":[{"id":"2","text":"mail a\u0040b.de"}],"n":1.50}""", """{"choices":[{"text":"mail a@b.de"}],"n":1.50}""")]
    [InlineData("data: {\"delta\":\"ship\"}\n\ndata: {\"delta\":\"ped\"}\n\n", "shipped")]
    [InlineData("data: {\"name\":\"refund\"}\n\ndata: {\"arguments\":\"{\\\"order\\\":17}\"}\n\n", " refund {\"order\":17}")]
    [InlineData("data: {\"text\":\"a\u2028b\"}\r\n\r\n", "a\u2028b"), InlineData("id: 17\nstatus: lost", "id: 17\nstatus: lost")]
    [InlineData("plain < text", "plain < text"), InlineData("{\"a\":", "{\"a\":"), InlineData("", "")]
    public void An_answer_is_read_without_what_is_not_compared(string answer, string text) =>
        Assert.Equal(text, AnswerText.Of(Encoding.UTF8.GetBytes(answer), new() { Ignore = ["id", "model", "choices.id"] }));
}
