using System.Collections.Immutable;
using AgentCanary.Protocols;
using AgentCanary.Server.Pins;
using AgentCanary.Server.Tests.Controller;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Pins;

public sealed class ConversationIdsTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly PinBoard _board = new();
    private readonly PinTerms _terms;

    public ConversationIdsTests() => _terms = new(_board, ControllerWorld.Spec() with { PinTimeToLive = TimeSpan.FromHours(1) }, _time);

    public void Dispose() => _board.Dispose();

    [Fact]
    public void A_chain_of_responses_is_one_conversation_and_each_link_leads_to_its_version()
    {
        Answer([], Variant.Canary, Response("1"));
        for (var i = 1; i < 20; i++) Answer([Response($"{i}")], Variant.Canary, Response($"{i + 1}"));
        Assert.Equal(1, Count(Variant.Canary));
        Assert.All(Enumerable.Range(1, 20), i => Assert.Equal(Variant.Canary, new Conversation(_terms, [Response($"{i}")]).Owner));

        // The head moves with the chain: its end is kept though its beginning is forgotten.
        _time.Advance(TimeSpan.FromMinutes(40));
        Answer([Response("20")], Variant.Canary, Response("21"));
        _time.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(1, Count(Variant.Canary));
        Assert.Null(new Conversation(_terms, [Response("1")]).Owner);
    }

    [Fact]
    public void Two_branches_of_one_response_are_still_one_conversation()
    {
        Answer([], Variant.Stable, Response("1"));
        Answer([Response("1")], Variant.Stable, Response("2"));
        Answer([Response("1")], Variant.Stable, Response("3"));
        Assert.Equal(1, Count(Variant.Stable));
    }

    [Fact]
    public void A_task_and_its_context_are_one_conversation_counted_by_what_lasts_longer()
    {
        Answer([], Variant.Canary, Task("t1"), Context("c"));
        for (var i = 2; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(40));
            Answer([Context("c")], Variant.Canary, Task($"t{i}"), Context("c"));
        }

        Assert.Equal(1, Count(Variant.Canary));
        Assert.Null(new Conversation(_terms, [Task("t1")]).Owner);
    }

    [Fact]
    public void The_first_known_id_decides_whose_a_request_is()
    {
        Answer([], Variant.Canary, Task("t"));
        Answer([], Variant.Stable, Context("c"));
        Assert.Equal(Variant.Canary, new Conversation(_terms, [Task("t"), Context("c")]).Owner);
        Assert.Equal(Variant.Stable, new Conversation(_terms, [Task("no such"), Context("c")]).Owner);
        Assert.Null(new Conversation(_terms, [Context("t")]).Owner);
    }

    [Fact]
    public void What_another_version_went_on_with_is_that_versions_from_then_on()
    {
        Answer([], Variant.Canary, Context("c"));
        Answer([Context("c")], Variant.Stable, Context("c"));
        Assert.Equal((0, 1, Variant.Stable), (Count(Variant.Canary), Count(Variant.Stable), new Conversation(_terms, [Context("c")]).Owner));
    }

    [Fact]
    public void An_answer_that_no_request_can_name_is_not_learned()
    {
        Answer([], Variant.Canary, new MintedId(MintedIdKind.Answer, "chatcmpl-1"));
        Assert.Equal(0, Count(Variant.Canary));
    }

    [Fact]
    public void Use_keeps_a_conversation_and_disuse_ends_it()
    {
        Answer([], Variant.Canary, Context("c"));
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(59));
            Assert.Equal(Variant.Canary, new Conversation(_terms, [Context("c")]).Owner);
        }

        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.Null(new Conversation(_terms, [Context("c")]).Owner);
        Assert.Equal(0, Count(Variant.Canary));
    }

    [Fact]
    public void The_mark_of_the_stage_in_which_it_began_goes_with_the_conversation()
    {
        Answer([], Variant.Canary, began: 7, Response("1"));
        var next = new Conversation(_terms, [Response("1")]);
        Assert.Equal(7, next.Began);
        next.Learn([Response("2")], Variant.Canary, next.Began);
        Assert.Equal(7, new Conversation(_terms, [Response("2")]).Began);
    }

    private static MintedId Response(string id) => new(MintedIdKind.Response, id);

    private static MintedId Context(string id) => new(MintedIdKind.Conversation, id);

    private static MintedId Task(string id) => new(MintedIdKind.Task, id);

    private int Count(Variant variant) => _terms.Table.Count(_terms.MarkOf(variant), _terms.Now);

    private void Answer(ImmutableArray<MintedId> named, Variant served, params MintedId[] minted) => Answer(named, served, began: 0, minted);

    private void Answer(ImmutableArray<MintedId> named, Variant served, byte began, params MintedId[] minted)
    {
        var conversation = new Conversation(_terms, named);
        // Ids come one by one as the answer passes.
        for (var i = 1; i <= minted.Length; i++) conversation.Learn([.. minted[..i]], served, began);
        conversation.Confirm(served, began);
    }
}
