using System.Collections.Immutable;
using System.Text;
using AgentCanary.Protocols.Http;
using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.A2a;

/// <summary>The Agent2Agent protocol, 1.0 and 0.3, over JSON-RPC and over HTTP with JSON. What the two versions call otherwise never clashes, so both are read at once.</summary>
internal sealed class A2aProtocol : AgentProtocol
{
    private const int Method = 0;
    private const int MessageTask = 1;
    private const int Context = 2;
    private const int Reference = 3;
    private const int Tenant = 4;
    private const int Task = 5;
    private const int Id = 6;

    /// <summary>The most tasks that are read of a message's references.</summary>
    private const int MaxReferences = 4;

    private static readonly JsonShape Request = new JsonShape()
        .Watch(Method, "method").Watch(Tenant, "tenant", "params.tenant").Watch(Task, "params.taskId").Watch(Id, "params.id")
        .Watch(MessageTask, "message.taskId", "params.message.taskId")
        .Watch(Context, "message.contextId", "params.message.contextId", "params.contextId")
        .Watch(Reference, "message.referenceTaskIds[]", "params.message.referenceTaskIds[]");

    private static readonly byte[][] Marks = ["\"TASK_STATE_"u8.ToArray(), "\"contextId\""u8.ToArray()];

    public override string Name => "a2a";

    public override bool Recognizes(in CallHead call) => call.Headers.Find("a2a-version") is not null || call.Headers.Find("a2a-extensions") is not null
        || call.Headers.Find("x-a2a-extensions") is not null || IsA2aJson(call.Headers.Find("content-type")) || A2aPath.IsOwn(call.Path);

    public override RequestReading ReadRequest(in CallHead call, ReadOnlySpan<byte> body)
    {
        var found = new string?[Id + 1];
        ImmutableArray<MintedId> references = [];
        var json = new JsonScanner(Request, MaxKey);
        while (json.Next(ref body))
        {
            if (json is not { Kind: JsonKind.String, IsCut: false, Text.IsEmpty: false }) continue;
            var text = Encoding.UTF8.GetString(json.Text);
            if (json.Field != Reference) found[json.Field] = text;
            else if (references.Length < MaxReferences) references = references.Add(new(MintedIdKind.Task, text));
        }

        var task = found[MessageTask] ?? found[Task] ?? found[Id] ?? A2aPath.TaskIn(call.Path);
        var key = found[Context] ?? task ?? (references.IsEmpty ? CallerOf(found[Tenant], call.Headers) : references[0].Value);
        return new(null, A2aMethod.Streams(found[Method] ?? A2aPath.VerbIn(call.Path)), key)
        {
            Ids = [.. RequestReading.Named((MintedIdKind.Task, task), (MintedIdKind.Conversation, found[Context])), .. references],
            IsRead = call.Method == "GET" || A2aMethod.IsRead(found[Method] ?? A2aPath.VerbIn(call.Path)),
        };
    }

    internal override int FindMark(ReadOnlySpan<byte> bytes) => EndOfFirst(bytes, Marks);

    private protected override AnswerReader OpenBody(in CallHead call, in AnswerHead answer) =>
        call.Method == "DELETE" ? new HttpAnswerReader(answer.Status) : new A2aReader(answer, Recognizes(call), A2aPath.Sends(call.Path));

    private static bool IsA2aJson(string? type) => type?.StartsWith("application/a2a+json", StringComparison.OrdinalIgnoreCase) == true;

    // A tenant of one server is no user yet.
    private static string? CallerOf(string? tenant, IHeaderFields headers) => (tenant, Principal.Of(headers)) switch
    {
        (null, var caller) => caller,
        (_, null) => tenant,
        var (_, caller) => $"{tenant}\n{caller}",
    };
}
