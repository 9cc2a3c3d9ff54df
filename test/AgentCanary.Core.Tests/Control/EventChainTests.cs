using AgentCanary.Control;
using AgentCanary.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Control;

public sealed class EventChainTests
{
    private const string Agent = "support-agent";

    [Fact]
    public void A_whole_chain_has_no_break() => Assert.Null(FindBreak(Chain(6), 6));

    [Fact]
    public void An_empty_chain_has_no_break() => Assert.Null(EventChain.FindBreak(Agent, [], 0, default));

    [Fact]
    public void Any_changed_bit_of_any_event_is_found_where_it_is() => Prop.ForAll<int, int, byte>((at, where, bit) =>
    {
        var links = Chain(6);
        var index = (int)((uint)at % 6);
        var json = links[index].Json.ToArray();
        json[(uint)(where * 7919) % json.Length] ^= (byte)(1 << (bit % 8));
        links[index] = links[index] with { Json = json };
        Assert.Equal(index + 1, FindBreak(links, 6));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_removed_event_is_found()
    {
        for (var i = 0; i < 6; i++)
        {
            var links = Chain(6);
            links.RemoveAt(i);
            Assert.Equal(i + 1, FindBreak(links, 6));
        }
    }

    [Fact]
    public void Every_two_events_that_changed_places_are_found()
    {
        for (var i = 0; i < 6; i++)
        {
            for (var j = i + 1; j < 6; j++)
            {
                var links = Chain(6);
                (links[i], links[j]) = (links[j] with { Revision = i + 1 }, links[i] with { Revision = j + 1 });
                Assert.Equal(i + 1, FindBreak(links, 6));
            }
        }
    }

    [Fact]
    public void An_event_added_at_the_end_is_found() => Assert.Equal(6, FindBreak(Chain(6), 5));

    [Fact]
    public void A_changed_event_with_a_hash_made_anew_is_found_at_the_next_one()
    {
        var links = Chain(6);
        var json = RolloutJson.Write(RolloutJson.ReadEvent(links[2].Json) with { Actor = "somebody else" });
        links[2] = links[2] with { Json = json, Hash = EventChain.HashOf(links[2].PreviousHash, json) };
        Assert.Equal(4, FindBreak(links, 6));
    }

    [Fact]
    public void A_state_that_the_newest_event_did_not_make_is_found()
    {
        var links = Chain(6);
        Assert.Equal(6, EventChain.FindBreak(Agent, links, 6, RolloutJson.Write(Rollouts.State(6) with { Stage = 2, Reason = "changed" })));
        Assert.Equal(6, EventChain.FindBreak(Agent, links, 6, default));
    }

    [Fact]
    public void A_chain_of_another_agent_is_found() =>
        Assert.Equal(1, EventChain.FindBreak("other", Chain(6), 6, RolloutJson.Write(Rollouts.State(6))));

    private static long? FindBreak(List<EventLink> links, long revision) =>
        EventChain.FindBreak(Agent, links, revision, RolloutJson.Write(Rollouts.State(Math.Max(1, revision))));

    private static List<EventLink> Chain(int length)
    {
        var links = new List<EventLink>();
        for (var revision = 1; revision <= length; revision++)
        {
            var state = Rollouts.State(revision);
            var previous = links.Count == 0 ? EventChain.Start : links[^1].Hash;
            var (linked, json) = EventChain.Link(previous, Rollouts.EventOf(state), RolloutJson.Write(state));
            links.Add(new(revision, json, previous, linked.Hash));
        }
        return links;
    }
}
