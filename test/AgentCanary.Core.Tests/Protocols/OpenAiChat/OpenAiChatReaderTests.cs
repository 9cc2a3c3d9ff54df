using System.Text;

namespace AgentCanary.Protocols.OpenAiChat;

public sealed class OpenAiChatReaderTests
{
    [Fact]
    public void The_chunks_of_a_long_stream_leave_nothing_behind()
    {
        var exchange = Exchange.Find("openai-chat/ok.sse");
        var text = Encoding.UTF8.GetString(exchange.Body);
        var chunk = Encoding.UTF8.GetBytes(text[..text.IndexOf("data: [DONE]", StringComparison.Ordinal)]);
        var reader = AgentProtocol.Auto.Of(exchange.Call).Open(exchange.Call, exchange.Answer);
        for (var i = 0; i < 100; i++) reader.Read(chunk);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) reader.Read(chunk);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
        Assert.Equal("chatcmpl-B9MHD", Assert.Single(reader.Ids).Value);
        Assert.Equal(OutcomeClass.StreamBroken, reader.End(AnswerEnd.Complete).Class);
    }
}
