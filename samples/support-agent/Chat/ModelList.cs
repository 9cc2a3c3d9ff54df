namespace SupportAgent.Chat;

/// <summary>The answer of GET /v1/models.</summary>
internal sealed record ModelList(string Object, ModelList.Model[] Data)
{
    internal sealed record Model(string Id, string Object, long Created, string OwnedBy);
}
