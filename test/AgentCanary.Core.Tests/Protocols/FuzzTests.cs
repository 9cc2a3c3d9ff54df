using System.Text;

namespace AgentCanary.Protocols;

/// <summary>No bytes make a reader throw, hang or grow. Generic over the protocols: inputs are the corpus, damaged.</summary>
public sealed class FuzzTests
{
    private static readonly int Inputs = Environment.GetEnvironmentVariable("AGENTCANARY_LONG") == "1" ? 200_000 : 20_000;

    private static readonly byte[][] Pieces =
    [
        .. new[] { "\n\n", "\r", "data:", "data: [DONE]\n\n", "event: ", "{", "}", "[", "]", "\"", "\\", "\\u", "\\ud800", "null", "true", "-1e999", ",", ":", "\0", "\uFEFF" }
            .Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80],
    ];

    public static TheoryData<string> Protocols => [.. Exchange.Protocols, "auto"];

    [Theory, MemberData(nameof(Protocols))]
    public void No_damaged_answer_makes_a_reader_throw_or_grow(string name)
    {
        var exchanges = name == "auto" ? Exchange.All : [.. Exchange.Of(name)];
        var random = new Random(name.Length);
        for (var i = 0; i < Inputs; i++)
        {
            var exchange = exchanges[random.Next(exchanges.Count)];
            var damaged = exchange with { Body = Damage(exchange.Body, random), Request = Damage(exchange.Request, random), End = (AnswerEnd)random.Next(4) };
            var cut = random.Next(damaged.Body.Length + 1);
            var facts = damaged.Read(AgentProtocol.Find(name)!, cut);
            if (i % 100 == 0) facts.Agrees(damaged.Read(AgentProtocol.Find(name)!), $"input {i} of {exchange}, read at once");
        }
    }

    [Theory, MemberData(nameof(Protocols))]
    public void The_longest_answer_is_read_in_a_bounded_memory(string name)
    {
        var filler = Encoding.UTF8.GetBytes(new string('x', 64 << 10));
        foreach (var opening in new[] { "{\"", "{\"choices\":[{\"message\":{\"content\":\"", "data: {\"id\":\"", "event: ", "[[[{\"a\":1", ": " })
        {
            foreach (var exchange in name == "auto" ? Exchange.All : Exchange.Of(name))
            {
                var reader = AgentProtocol.Find(name)!.Open(exchange.Call, exchange.Answer);
                reader.Read(Encoding.UTF8.GetBytes(opening));
                for (var i = 0; i < 8; i++) reader.Read(filler);
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 16; i++) reader.Read(filler);
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                // The runtime itself may allocate a little while it compiles: what matters is that a megabyte leaves nothing behind.
                Assert.True(allocated < 16 << 10, $"{exchange} behind {opening}: {allocated} bytes allocated");
                Assert.InRange(reader.KeptBytes, 0, 64 << 10);
                reader.End(AnswerEnd.Complete);
            }
        }
    }

    private static byte[] Damage(byte[] body, Random random)
    {
        var bytes = body.ToList();
        for (var times = random.Next(1, 6); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]); break;
                case 2: bytes.RemoveRange(at, random.Next(Math.Min(40, bytes.Count - at) + 1)); break;
                case 3: bytes.InsertRange(at, body.AsSpan(..Math.Min(body.Length, random.Next(200))).ToArray()); break;
                default: bytes.RemoveRange(at, (bytes.Count - at) / 4); break;
            }
        }

        return [.. bytes];
    }
}
