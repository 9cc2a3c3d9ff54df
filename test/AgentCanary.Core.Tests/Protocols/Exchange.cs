using System.Globalization;
using System.Text;

namespace AgentCanary.Protocols;

/// <summary>
/// A recorded request and its answer, from a file of the corpus, and what must be read in it. A file has three parts: the request's line, header fields,
/// an empty line and body; behind <c>=== STATUS</c> the answer's fields, empty line and body, without the last line end; behind
/// <c>=== END</c> (<c>complete</c>, <c>broken</c>, <c>timed_out</c>, <c>caller_left</c>) the facts, one in a line; what is not named must be absent:
/// <c>class</c>, <c>seen</c>, <c>model</c>, <c>input_tokens</c>, <c>output_tokens</c>, <c>cached_tokens</c>, <c>tool_failures</c>,
/// <c>ids</c>, <c>content</c> (a text of the answer: content begins with its first byte), and of the request <c>key</c>, <c>asked_model</c>, <c>streams</c>,
/// <c>names</c> (the ids that it hands back), <c>is_read</c>.
/// </summary>
internal sealed record Exchange(string Protocol, string Name, CallHead Call, byte[] Request, AnswerHead Answer, byte[] Body, AnswerEnd End, Facts Expected)
{
    private static readonly string Corpus = Path.Combine(AppContext.BaseDirectory, "Protocols", "corpus");

    public static IReadOnlyList<string> Protocols { get; } = [.. Directory.GetDirectories(Corpus).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<Exchange> All { get; } = [.. Protocols.SelectMany(Of)];

    public bool IsStream => Answer.IsEventStream;

    public static IEnumerable<Exchange> Of(string protocol) =>
        Directory.EnumerateFiles(Path.Combine(Corpus, protocol)).Order(StringComparer.Ordinal).Select(path => Parse(protocol, path));

    public static Exchange Find(string name) => All.Single(exchange => exchange.Name == name);

    public override string ToString() => Name;

    /// <summary>Has a protocol read the answer, cut into pieces at the given places, in order.</summary>
    public Facts Read(AgentProtocol protocol, params ReadOnlySpan<int> cuts)
    {
        var reader = protocol.Open(Call, Answer);
        var (from, contentFrom, contentTo) = (0, -1, -1);
        foreach (var to in (int[])[.. cuts, Body.Length])
        {
            if (reader.Read(Body.AsSpan(from, to - from))) (contentFrom, contentTo) = (from, to);
            from = to;
        }

        Assert.InRange(reader.KeptBytes, 0, 64 << 10);
        var hasFailed = reader.HasFailed;
        var facts = Facts.Of(reader, End, contentFrom, contentTo, protocol.ReadRequest(Call, Request));
        Assert.True(!hasFailed || Answer.Status != 200 || facts.Class is "error_upstream" or "timeout" or "rate_limited" or "error_client" or "safety", $"{this} has failed and is {facts.Class}");
        return facts;
    }

    private static Exchange Parse(string protocol, string path)
    {
        var name = $"{protocol}/{Path.GetFileNameWithoutExtension(path)}";
        var parts = File.ReadAllText(path).Split("\n=== ");
        Assert.True(parts.Length == 3, $"{name} has {parts.Length} parts, not 3");
        var (head, body) = Split(parts[0]);
        var (status, answer) = CutLine(parts[1]);
        var (fields, answerBody) = Split(answer);
        var (end, facts) = CutLine(parts[2]);
        var line = head[0].Split(' ');
        var call = new CallHead(line[0], line[1], new Fields(head[1..]));
        var bytes = Encoding.UTF8.GetBytes(answerBody);
        return new(protocol, name, call, Encoding.UTF8.GetBytes(body), new(int.Parse(status, CultureInfo.InvariantCulture), new Fields(fields)), bytes,
            Enum.Parse<AnswerEnd>(end.Replace("_", "", StringComparison.Ordinal), ignoreCase: true), Facts.Parse(name, facts, bytes));
    }

    private static (string[] Lines, string Body) Split(string text)
    {
        var at = text.IndexOf("\n\n", StringComparison.Ordinal);
        return at < 0 ? (text.TrimEnd('\n').Split('\n'), "") : (text[..at].Split('\n', StringSplitOptions.RemoveEmptyEntries), text[(at + 2)..]);
    }

    private static (string First, string Others) CutLine(string text)
    {
        var at = text.IndexOf('\n', StringComparison.Ordinal);
        return (text[..at], text[(at + 1)..]);
    }
}
