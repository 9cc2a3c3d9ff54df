using System.IO.Compression;
using System.Text;

namespace AgentCanary.Protocols.Packed;

/// <summary>A compressed answer means what it would mean otherwise, and no bytes make its reader throw or grow.</summary>
public sealed class UnpackingReaderTests
{
    private static readonly byte[] NoAnswer = Encoding.UTF8.GetBytes($$"""{"unknown":"{{new string('x', 8 << 20)}}"}""");

    public static TheoryData<string> Exchanges => [.. Exchange.All.Select(exchange => exchange.Name)];

    [Theory, MemberData(nameof(Exchanges))]
    public void A_packed_answer_is_read_like_the_same_answer_unpacked(string name)
    {
        var plain = Exchange.Find(name);
        var expected = Read(plain, plain.Body.Length + 1);
        foreach (var coding in new[] { "gzip", "x-gzip", "Deflate" })
        {
            var packed = Encode(plain, coding, Pack(plain.Body, coding == "Deflate"));
            foreach (var piece in new[] { 1, 7, int.MaxValue }) Assert.Equal(expected, Read(packed, piece));
        }
    }

    [Fact]
    public void What_an_agent_has_flushed_is_read_before_the_rest_comes()
    {
        var plain = Exchange.Find("ag-ui/ok.sse");
        var begin = plain.Body.AsSpan().IndexOf("data: {\"type\":\"STATE"u8);
        using var body = new MemoryStream();
        using var packing = new GZipStream(body, CompressionLevel.Fastest);
        packing.Write(plain.Body.AsSpan(0, begin));
        packing.Flush();
        var reader = Open(Encode(plain, "gzip", body.ToArray()));
        reader.Read(body.ToArray());
        Assert.Equal("thread-1", Assert.Single(reader.Ids).Value);
    }

    [Fact]
    public void Content_begins_where_it_does_unpacked_and_where_nothing_can_be_unpacked_once_that_is_known()
    {
        var chat = Exchange.Find("openai-chat/ok.json");
        var body = Pack(chat.Body);
        var reader = Open(Encode(chat, "gzip", body));
        Assert.Equal((false, true), (reader.Read(body.AsSpan(0, 10)), reader.Read(body.AsSpan(10)))); // 10 bytes are the head of gzip

        reader = Open(Encode(chat, "gzip", body));
        Assert.Equal((true, false), (reader.Read("not packed"u8), reader.Read("at all"u8)));
        Assert.True(reader.End(AnswerEnd.Complete).HasContent);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    public void What_is_packed_otherwise_counts_by_its_status(string coding) => Assert.Equal(OutcomeClass.Ok, OfChat(coding, Pack(NoAnswer)).Class);

    [Fact]
    public void What_grows_beyond_all_measure_counts_by_its_status_and_is_unpacked_no_further()
    {
        var bomb = Pack(NoAnswer);
        Assert.InRange(NoAnswer.Length / bomb.Length, 2 * UnpackingReader.MaxGrowth, int.MaxValue);
        var reading = OfChat("gzip", bomb);
        Assert.Equal((OutcomeClass.Ok, true), (reading.Class, reading.HasContent));
        Assert.Equal(OutcomeClass.ErrorUpstream, OfChat("gzip", Pack("{}"u8)).Class); // read, and no answer
    }

    [Fact]
    public void No_damaged_bytes_make_the_reader_throw_or_grow()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var plain = Exchange.All[random.Next(Exchange.All.Count)];
            var body = Pack(plain.Body, random.Next(2) == 0);
            if (body is []) continue; // nothing packs to nothing
            for (var times = random.Next(1, 4); times > 0; times--) body[random.Next(body.Length)] = (byte)random.Next(256);
            var damaged = Encode(plain, random.Next(2) == 0 ? "gzip" : "deflate", body[..random.Next(body.Length + 1)]);
            Read(damaged, random.Next(1, 64));
        }
    }

    private static AnswerReading OfChat(string coding, byte[] body)
    {
        var chat = Encode(Exchange.Find("openai-chat/ok.json"), coding, body);
        var reader = Open(chat);
        reader.Read(chat.Body);
        return reader.End(AnswerEnd.Complete);
    }

    private static Facts Read(Exchange exchange, int piece)
    {
        var reader = Open(exchange);
        for (var at = 0; at < exchange.Body.Length; at += Math.Min(piece, exchange.Body.Length))
        {
            reader.Read(exchange.Body.AsSpan(at, Math.Min(piece, exchange.Body.Length - at)));
            Assert.InRange(reader.KeptBytes, 0, 64 << 10);
        }

        var facts = Facts.Of(reader, exchange.End, 0, 1, default);
        Assert.InRange(reader.KeptBytes, 0, 64 << 10);
        return facts;
    }

    private static AnswerReader Open(Exchange exchange) => AgentProtocol.Find(exchange.Protocol)!.Open(exchange.Call, exchange.Answer);

    private static Exchange Encode(Exchange exchange, string coding, byte[] body) => exchange with
    {
        Body = body,
        Answer = exchange.Answer with { Headers = new Fields([$"content-type: {exchange.Answer.Headers.Find("content-type")}", $"content-encoding: {coding}", .. Kept(exchange)]) },
    };

    // What else the corpus has answers say in their heads.
    private static IEnumerable<string> Kept(Exchange exchange) => exchange.Answer.Headers.Find("mcp-session-id") is { } session ? [$"mcp-session-id: {session}"] : [];

    private static byte[] Pack(ReadOnlySpan<byte> body, bool deflates = false)
    {
        using var packed = new MemoryStream();
        using (Stream packing = deflates ? new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true) : new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) packing.Write(body);
        return packed.ToArray();
    }
}
