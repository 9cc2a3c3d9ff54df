using System.Text;
using System.Text.Json;
using AgentCanary.Protocols;
using BenchmarkDotNet.Attributes;

namespace AgentCanary.Benchmarks;

/// <summary>What reading an answer costs while it passes: a stream of 200 chunks, one event in each read, and a JSON text of 20 KB in reads of 4 KB.</summary>
public class AnswerBenchmarks
{
    private const int Chunks = 200;
    private const string Chunk = """{"id":"chatcmpl-B9MHD","object":"chat.completion.chunk","created":1741570283,"model":"gpt-x","choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}]}""";

    private static readonly CallHead Call = new("POST", "/v1/chat/completions", new OneField());
    private static readonly AnswerHead Stream = new(200, new OneField("text/event-stream"));
    private static readonly AnswerHead Json = new(200, new OneField("application/json"));
    private static readonly byte[] Event = Encoding.UTF8.GetBytes($"data: {Chunk}\n\n");
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(
        $$$"""{"id":"chatcmpl-B9MHD","object":"chat.completion","model":"gpt-x","choices":[{"index":0,"message":{"content":"{{{new string('x', 20_000)}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":12}}""");

    /// <summary>A stream as the gateway reads it.</summary>
    [Benchmark(Baseline = true)]
    public OutcomeClass ReadStream()
    {
        var reader = AgentProtocol.Auto.Of(Call).Open(Call, Stream);
        for (var i = 0; i < Chunks; i++) reader.Read(Event);
        return reader.End(AnswerEnd.Complete).Class;
    }

    /// <summary>Each event parsed whole, without a framer, as a simple gateway would.</summary>
    [Benchmark]
    public int NaiveStream()
    {
        var length = 0;
        for (var i = 0; i < Chunks; i++)
        {
            using var document = JsonDocument.Parse(Event.AsMemory(6));
            length += document.RootElement.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString()!.Length;
        }

        return length;
    }

    /// <summary>A JSON answer as the gateway reads it.</summary>
    [Benchmark]
    public OutcomeClass ReadJson()
    {
        var reader = AgentProtocol.Auto.Of(Call).Open(Call, Json);
        for (var from = 0; from < Text.Length; from += 4096) reader.Read(Text.AsSpan(from, Math.Min(4096, Text.Length - from)));
        return reader.End(AnswerEnd.Complete).Class;
    }
}
