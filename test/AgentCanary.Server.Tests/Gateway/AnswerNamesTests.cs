using System.Collections.Immutable;
using AgentCanary.Protocols;
using AgentCanary.Server.Reports;
using AgentCanary.Server.Tests.Reports;

namespace AgentCanary.Server.Gateway;

public sealed class AnswerNamesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private readonly AnswerNames _names = new(64);

    private void Note(string id, string decision, MintedIdKind kind = MintedIdKind.Answer, string agent = "a", DateTimeOffset? at = null) => _names.Note(agent, [new(kind, id)], decision, at ?? Noon);

    [Fact]
    public void An_id_leads_to_the_first_decision_that_it_came_from()
    {
        Note("conv_1", "first", MintedIdKind.Conversation);
        Note("conv_1", "second", MintedIdKind.Conversation, at: Noon.AddDays(6));
        Assert.Equal("first", _names.Find("a", MintedIdKind.Conversation, "conv_1"));

        Note("conv_1", "third", MintedIdKind.Conversation, at: Noon.AddDays(7));
        Assert.Equal("third", _names.Find("a", MintedIdKind.Conversation, "conv_1"));
    }

    [Fact]
    public void An_answers_id_that_came_twice_names_neither_of_the_two()
    {
        Note("chatcmpl-1", "stable's");
        Note("chatcmpl-1", "stable's");
        Assert.Equal("stable's", _names.Find("a", MintedIdKind.Answer, "chatcmpl-1"));

        Note("chatcmpl-1", "canary's");
        Note("chatcmpl-1", "canary's");
        Assert.Null(_names.Find("a", MintedIdKind.Answer, "chatcmpl-1"));
    }

    [Fact]
    public void Ids_of_other_agents_and_of_other_kinds_are_others()
    {
        Note("1", "mine");
        Assert.Null(_names.Find("b", MintedIdKind.Answer, "1"));
        Assert.Null(_names.Find("a", MintedIdKind.Task, "1"));
        Assert.Null(_names.Find("a", MintedIdKind.Answer, "2"));
    }

    [Fact]
    public void Its_places_are_all_it_takes_and_the_newest_are_found()
    {
        for (var i = 0; i < 10_000; i++) Note($"id-{i}", $"decision-{i}", at: Noon.AddSeconds(i));
        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => _names.Find("a", MintedIdKind.Answer, $"id-{i}") is not null), 48, 64);
        Assert.Equal("decision-9999", _names.Find("a", MintedIdKind.Answer, "id-9999"));
    }

    [Fact]
    public void An_id_that_two_agents_gave_names_nobody_until_the_agent_is_said()
    {
        var site = new ReportedSite();
        site.Registry.Publish(ImmutableDictionary<string, CanaryRuntime>.Empty.Add("a", site.Runtime).Add("b", site.Runtime));
        var map = new LearnedDecisions(_names, site.Ids, site.Registry);
        Note("1", site.Decision(Arm.Control));
        Assert.True(map.TryFind(new(JoinKind.Response, "1"), out var only));
        Assert.Equal(Arm.Control, only.Arm);

        Note("1", site.Decision(Arm.Canary), agent: "b");

        Assert.False(map.TryFind(new(JoinKind.Response, "1"), out _));
        Assert.True(map.TryFind(new(JoinKind.Response, "1", "b"), out var said));
        Assert.Equal(Arm.Canary, said.Arm);
        Assert.False(map.TryFind(new(JoinKind.Trace, "1", "b"), out _));
        Assert.False(map.TryFind(new(JoinKind.Task, "1", "nobody"), out _));
    }
}
