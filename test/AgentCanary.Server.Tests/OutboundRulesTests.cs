using System.Net;
using AgentCanary.Server.Outbound;

namespace AgentCanary.Server.Tests;

public sealed class OutboundRulesTests
{
    [Theory]
    [InlineData("judge.example.com", "93.184.216.34", true), InlineData("judge.internal", "10.1.2.3", true), InlineData("judge.internal", "fd12::1", true)]
    [InlineData("judge.example.com", "169.254.169.254", false), InlineData("169.254.169.254", "169.254.169.254", false), InlineData("judge.example.com", "::ffff:169.254.169.254", false)]
    [InlineData("judge.example.com", "fe80::1", false), InlineData("judge.example.com", "fd00:ec2::254", false), InlineData("judge.example.com", "224.0.0.1", false), InlineData("judge.example.com", "0.0.0.0", false), InlineData("judge.example.com", "::", false)]
    [InlineData("judge.example.com", "127.0.0.1", false), InlineData("judge.example.com", "::1", false), InlineData("judge.example.com", "::ffff:127.0.0.1", false)]
    [InlineData("localhost", "127.0.0.1", true), InlineData("LOCALHOST", "::1", true), InlineData("127.0.0.2", "127.0.0.2", true), InlineData("[::1]", "::1", true)]
    public void A_name_leads_to_no_metadata_and_back_to_this_machine_only_where_it_says_so(string host, string address, bool allowed) =>
        Assert.Equal(allowed, OutboundRules.Allows(host, IPAddress.Parse(address)));
}
