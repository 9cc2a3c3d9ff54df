using System.Text;

namespace AgentCanary.Protocols;

/// <summary>Laws that hold for every exchange of every protocol. A new protocol adds a folder of exchanges and nothing here.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Exchanges => [.. Exchange.All.Select(exchange => exchange.Name)];

    public static TheoryData<string> Protocols => [.. Exchange.Protocols];

    [Fact]
    public void Every_protocol_has_a_corpus() =>
        Assert.Equal(AgentProtocol.Known.Select(protocol => protocol.Name).Append("http").Order(StringComparer.Ordinal), Exchange.Protocols);

    [Theory, MemberData(nameof(Protocols))]
    public void A_corpus_tells_of_every_end_that_a_call_can_have(string protocol)
    {
        var classes = Exchange.Of(protocol).Select(exchange => exchange.Expected.Class).ToHashSet();
        Assert.Superset(new HashSet<string> { "ok", "error_upstream", "error_client", "rate_limited", "stream_broken", "timeout" }, classes);
        Assert.True(classes.Contains("canceled_by_client") || classes.Contains("abandoned"));
    }

    [Theory, MemberData(nameof(Exchanges))]
    public void An_exchange_is_read_as_it_is_told(string name)
    {
        var exchange = Exchange.Find(name);
        exchange.Expected.Agrees(exchange.Read(Protocol(exchange)), "read at once");
        exchange.Expected.Agrees(exchange.Read(Protocol(exchange), OneByOne(exchange)), "read byte by byte");
    }

    [Theory, MemberData(nameof(Exchanges))]
    public void However_an_answer_is_cut_it_is_read_the_same(string name)
    {
        var exchange = Exchange.Find(name);
        for (var cut = 0; cut <= exchange.Body.Length; cut++) exchange.Expected.Agrees(exchange.Read(Protocol(exchange), cut), $"cut at {cut}");
    }

    [Theory, MemberData(nameof(Exchanges))]
    public void Lines_may_end_with_a_carriage_return(string name)
    {
        var exchange = Exchange.Find(name);
        if (!exchange.IsStream) return;
        foreach (var end in new[] { "\r", "\r\n" })
        {
            var text = Encoding.UTF8.GetString(exchange.Body).Replace("\n", end, StringComparison.Ordinal);
            var other = exchange with { Body = Encoding.UTF8.GetBytes(text) };
            var read = other.Read(Protocol(exchange), OneByOne(other)) with { ContentFrom = exchange.Expected.ContentFrom, ContentTo = exchange.Expected.ContentTo };
            Assert.Equal(exchange.Expected, read);
        }
    }

    [Theory, MemberData(nameof(Exchanges))]
    public void A_call_on_its_own_route_is_recognised(string name)
    {
        var exchange = Exchange.Find(name);
        if (!Protocol(exchange).Recognizes(exchange.Call)) return;
        Assert.Same(Protocol(exchange), AgentProtocol.Auto.Of(exchange.Call));
    }

    [Theory, MemberData(nameof(Exchanges))]
    public void An_answer_without_a_known_route_is_recognised_by_its_first_bytes_however_it_is_cut(string name)
    {
        var exchange = Exchange.Find(name);
        var elsewhere = exchange with { Call = new("POST", "/", new Fields([])) };
        var whole = elsewhere.Read(AgentProtocol.Auto);
        if (Protocol(exchange).FindMark(exchange.Body) >= 0) Assert.Equal(exchange.Expected.Class, whole.Class);
        var bytes = elsewhere.Read(AgentProtocol.Auto, OneByOne(elsewhere));
        bytes.Agrees(whole, "read at once");
        for (var cut = 0; cut <= exchange.Body.Length; cut++) bytes.Agrees(elsewhere.Read(AgentProtocol.Auto, cut), $"cut at {cut}");
    }

    private static AgentProtocol Protocol(Exchange exchange) => AgentProtocol.Find(exchange.Protocol)!;

    private static int[] OneByOne(Exchange exchange) => [.. Enumerable.Range(1, Math.Max(0, exchange.Body.Length - 1))];
}
