using System.Collections.Immutable;
using AgentCanary.Protocols.A2a;
using AgentCanary.Protocols.AgUi;
using AgentCanary.Protocols.Anthropic;
using AgentCanary.Protocols.Auto;
using AgentCanary.Protocols.Http;
using AgentCanary.Protocols.Json;
using AgentCanary.Protocols.Mcp;
using AgentCanary.Protocols.OpenAiChat;
using AgentCanary.Protocols.OpenAiResponses;
using AgentCanary.Protocols.Packed;

namespace AgentCanary.Protocols;

/// <summary>A protocol that agents speak: where a request's key is, and what an answer means. Immutable and thread-safe.</summary>
public abstract class AgentProtocol
{
    /// <summary>The most bytes that are kept of a key or a model's name; a longer key counts by its beginning.</summary>
    internal const int MaxKey = 1024;

    private static readonly JsonShape RpcId = new JsonShape().Watch(0, "id");

    private protected AgentProtocol()
    {
    }

    /// <summary>Gets the protocol of calls that nothing more is known of: what an answer means is what its status says.</summary>
    public static AgentProtocol Http { get; } = new HttpProtocol();

    /// <summary>Gets the protocols that are recognised, in the order in which they are asked. A new one adds its line here.</summary>
    internal static ImmutableArray<AgentProtocol> Known { get; } =
    [
        new OpenAiChatProtocol(),
        new OpenAiResponsesProtocol(),
        new AnthropicProtocol(),
        new McpProtocol(),
        new A2aProtocol(),
        new AgUiProtocol(),
    ];

    /// <summary>Gets what recognises each call's protocol by its route, its headers, or the first bytes of its answer.</summary>
    public static AgentProtocol Auto { get; } = new AutoProtocol(Known);

    /// <summary>Gets the name in rollout files, such as <c>openai-chat</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Finds a protocol by its name in rollout files.</summary>
    /// <returns>Null where none has the name. <c>none</c> is <see cref="Http"/>: both judge by the status.</returns>
    public static AgentProtocol? Find(string name) => name switch
    {
        "auto" => Auto,
        "http" or "none" => Http,
        _ => Known.FirstOrDefault(protocol => protocol.Name == name),
    };

    /// <summary>Tells which protocol a call speaks: this one, or for <see cref="Auto"/> the one that is recognised by route and headers.</summary>
    public virtual AgentProtocol Of(in CallHead call) => this;

    /// <summary>Tells whether the route or the headers of a call belong to this protocol for certain.</summary>
    public abstract bool Recognizes(in CallHead call);

    /// <summary>Tells whether a request's key may stand in its body, so that it is worth reading. What may be large and is no message is not.</summary>
    public virtual bool HasKeyInBody(in CallHead call) => Recognizes(call);

    /// <summary>Tells whether the protocol may know a key of the call: where it is not known what a call speaks, only some calls look as if they had one.</summary>
    public virtual bool MayHaveKey(in CallHead call) => true;

    /// <summary>Gets whether requests may name ids that the agent made in earlier answers.</summary>
    public virtual bool NamesIds => true;

    /// <summary>
    /// Tells whether a stream that answers the call goes on for as long as the caller likes and is owed no end, so that its outcome is known when it begins.
    /// </summary>
    public virtual bool Listens(in CallHead call) => call.Method == "GET";

    /// <summary>
    /// Tells whether a call asks a model for an answer and for nothing else: by the rules of the protocol its tools are run by the caller, so a second version may be asked the same.
    /// </summary>
    public virtual bool AsksModel(in CallHead call) => false;

    /// <summary>Reads a request.</summary>
    /// <param name="call">The request's head.</param>
    /// <param name="body">The whole body, or nothing where it was not read.</param>
    public abstract RequestReading ReadRequest(in CallHead call, ReadOnlySpan<byte> body);

    /// <summary>Makes the event that ends a stream as failed, in the protocol's own words.</summary>
    /// <param name="body">The request's whole body, or nothing where it was not read.</param>
    /// <param name="ids">The ids that the agent has made in the stream so far.</param>
    /// <param name="message">Why, a sentence for people.</param>
    /// <returns>Null where the protocol has no such words: then a stream that ends early is broken off, which every client takes for what it is.</returns>
    public virtual string? FailedEvent(ReadOnlySpan<byte> body, ImmutableArray<MintedId> ids, string message) => null;

    /// <summary>Begins to read an answer. A body in <c>gzip</c> or <c>deflate</c> is unpacked for the reading; compressed otherwise it passes unread, and its status alone counts.</summary>
    public AnswerReader Open(in CallHead call, in AnswerHead answer)
    {
        var reader = OpenBody(call, answer);
        if (answer.Coding is not { } coding || reader is HttpAnswerReader) return reader;
        return Unpacking.Begin(coding) is { } unpacking ? new UnpackingReader(reader, unpacking, answer.Status) : new HttpAnswerReader(answer.Status);
    }

    /// <summary>Begins to read an answer whose bytes can be read.</summary>
    private protected abstract AnswerReader OpenBody(in CallHead call, in AnswerHead answer);

    /// <summary>Tells whether a call's head fits a protocol that has no route of its own, so that the request's body should tell.</summary>
    internal virtual bool MayBe(in CallHead call) => false;

    /// <summary>Tells whether a request's whole body belongs to this protocol for certain.</summary>
    internal virtual bool RecognizesBody(ReadOnlySpan<byte> body) => false;

    /// <summary>Finds this protocol's mark in the first bytes of an answer, such as <c>"chat.completion</c>.</summary>
    /// <returns>The index after the mark, or -1. A mark that was found stays found when more bytes come.</returns>
    internal virtual int FindMark(ReadOnlySpan<byte> bytes) => -1;

    /// <summary>Finds the mark that ends first.</summary>
    /// <returns>The index after it, or -1.</returns>
    private protected static int EndOfFirst(ReadOnlySpan<byte> bytes, byte[][] marks)
    {
        var end = -1;
        foreach (var mark in marks)
            if (bytes.IndexOf(mark) is >= 0 and var at && (end < 0 || at + mark.Length < end)) end = at + mark.Length;
        return end;
    }

    /// <summary>Begins to read an answer that was recognised by its first bytes.</summary>
    internal AnswerReader OpenRecognized(in CallHead call, in AnswerHead answer) => OpenBody(call, answer);

    private protected static string Event(string? name, string json) => name is null ? $"data: {json}\n\n" : $"event: {name}\ndata: {json}\n\n";

    private protected static string Quote(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";

    /// <summary>Makes the error response to a JSON-RPC request; null where the request has no id, so that nobody waits for one.</summary>
    private protected static string? JsonRpcFailure(ReadOnlySpan<byte> request, string message)
    {
        var json = new JsonScanner(RpcId, MaxKey);
        while (json.Next(ref request))
        {
            if (json.Kind is not (JsonKind.String or JsonKind.Number) || json.IsCut) continue;
            var id = System.Text.Encoding.UTF8.GetString(json.Text);
            return Event(null, $$$"""{"jsonrpc":"2.0","id":{{{(json.Kind is JsonKind.String ? Quote(id) : id)}}},"error":{"code":-32603,"message":{{{Quote(message)}}}}}""");
        }

        return null;
    }
}
