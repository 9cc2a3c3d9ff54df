using System.Text;
using AgentCanary.Control;

namespace AgentCanary.Storage.Sqlite;

/// <summary>A row of <c>events</c> without its agent.</summary>
internal sealed record LinkRecord(long Revision, string Json, string PreviousHash, string Hash)
{
    public EventLink ToLink() => new(Revision, Encoding.UTF8.GetBytes(Json), PreviousHash, Hash);

    public RolloutEvent ToEvent() => RolloutJson.ReadEvent(Encoding.UTF8.GetBytes(Json)) with { Hash = Hash };
}
