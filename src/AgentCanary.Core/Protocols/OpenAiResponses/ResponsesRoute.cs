namespace AgentCanary.Protocols.OpenAiResponses;

/// <summary>Where a call goes, such as <c>POST /v1/responses/resp_1/cancel</c>.</summary>
internal readonly ref struct ResponsesRoute
{
    private readonly string _method;
    private readonly ReadOnlySpan<char> _id;
    private readonly ReadOnlySpan<char> _action;

    private ResponsesRoute(string method, bool isConversation, ReadOnlySpan<char> id, ReadOnlySpan<char> action)
    {
        // What stands behind a POST to all responses is something to do, such as compact.
        var isAction = method == "POST" && !isConversation && action.IsEmpty;
        (IsKnown, IsConversation, _method) = (true, isConversation, method);
        _id = isAction ? default : id;
        _action = isAction ? id : action;
    }

    /// <summary>Gets whether this is a route of the protocol; nothing else counts if not.</summary>
    public bool IsKnown { get; }

    /// <summary>Gets whether the call is about conversations, not responses.</summary>
    public bool IsConversation { get; }

    /// <summary>Gets whether the answer can only be a response, or the events of one.</summary>
    public bool AnswersResponse => IsKnown && !IsConversation && _method switch
    {
        "POST" => _action is "" or "cancel",
        "GET" => _action is "" && !_id.IsEmpty,
        _ => false,
    };

    /// <summary>Gets whether the call asks for a new response.</summary>
    public bool BeginsResponse => IsKnown && !IsConversation && _method == "POST" && _id.IsEmpty && _action.IsEmpty;

    /// <summary>Gets whether the call only asks for what is there, or ends it.</summary>
    public bool IsRead => IsKnown && (_method is "GET" or "HEAD" || _action is "cancel");

    /// <summary>Gets what an id that the answer carries stands for.</summary>
    public MintedIdKind Kind => IsConversation ? MintedIdKind.Conversation : MintedIdKind.Response;

    /// <summary>Gets the id in the path, or null.</summary>
    public string? Id => _id.IsEmpty ? null : _id.ToString();

    /// <summary>Reads a call's path: the first of its segments that are the protocol's, behind <c>v1</c> or <c>openai</c>; responses also at the root.</summary>
    public static ResponsesRoute Of(in CallHead call)
    {
        var before = default(ReadOnlySpan<char>);
        var rest = call.Path.AsSpan().Trim('/');
        while (!rest.IsEmpty)
        {
            var segment = Cut(ref rest);
            if (segment is "responses" && before is "" or "v1" or "openai" || segment is "conversations" && before is "v1" or "openai")
                return new(call.Method, segment is "conversations", Cut(ref rest), Cut(ref rest));
            before = segment;
        }

        return default;
    }

    private static ReadOnlySpan<char> Cut(scoped ref ReadOnlySpan<char> path)
    {
        var end = path.IndexOf('/');
        var segment = end < 0 ? path : path[..end];
        path = end < 0 ? default : path[(end + 1)..];
        return segment;
    }
}
