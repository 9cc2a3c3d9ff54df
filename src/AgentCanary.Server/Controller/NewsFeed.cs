using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AgentCanary.Server.Controller;

/// <summary>Hands news to whoever follows. A slow reader loses the oldest, and never holds the controller up. Thread-safe.</summary>
internal sealed class NewsFeed
{
    private const int Capacity = 256;

    private ImmutableArray<Channel<RolloutNews>> _readers = [];

    public int Readers => _readers.Length;

    public void Tell(RolloutNews news)
    {
        foreach (var reader in _readers) reader.Writer.TryWrite(news);
    }

    public async IAsyncEnumerable<RolloutNews> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<RolloutNews>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        ImmutableInterlocked.Update(ref _readers, readers => readers.Add(channel));
        try
        {
            await foreach (var news in channel.Reader.ReadAllAsync(cancellationToken)) yield return news;
        }
        finally
        {
            ImmutableInterlocked.Update(ref _readers, readers => readers.Remove(channel));
        }
    }
}
