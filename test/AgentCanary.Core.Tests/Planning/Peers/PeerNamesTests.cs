using AgentCanary.Planning.Peers;

namespace AgentCanary.Core.Tests.Planning.Peers;

public class PeerNamesTests
{
    [Fact]
    public void Peers_stand_in_the_order_of_the_list_each_once() =>
        Assert.Equal<Peer>([Peer.Argo, Peer.AgentCanary], PeerNames.Parse("argo, agent-canary,argo").Peers);

    [Fact]
    public void All_of_them_have_a_word() => Assert.Equal<Peer>(Enum.GetValues<Peer>(), PeerNames.Parse("all").Peers);

    [Fact]
    public void Each_is_read_by_its_own_name_and_has_a_title_and_a_rule()
    {
        Assert.All(Enum.GetValues<Peer>(), peer => Assert.Equal<Peer>([peer], PeerNames.Parse(peer.Name).Peers));
        Assert.All(Enum.GetValues<Peer>(), peer => Assert.NotEmpty(peer.Title));
        Assert.All(Enum.GetValues<Peer>(), peer => Assert.NotEmpty(peer.Rule));
    }

    [Fact]
    public void Every_unknown_name_is_told() => Assert.Equal<string>(
        ["there is no peer 'flager': did you mean 'flagger'?", "there is no peer '': known here are agent-canary, flagger, argo, kayenta, all"],
        PeerNames.Parse("flager,,argo").Faults);
}
