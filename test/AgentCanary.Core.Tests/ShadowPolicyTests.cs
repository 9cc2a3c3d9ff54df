using AgentCanary.Shadow;

namespace AgentCanary.Core.Tests;

public sealed class ShadowPolicyTests
{
    [Theory]
    [InlineData("GET", "/pay", true), InlineData("HEAD", "/pay", true), InlineData("OPTIONS", "/pay", true), InlineData("get", "/pay", false), InlineData("DELETE", "/pay", false)]
    [InlineData("POST", "/chat", true), InlineData("POST", "/chat/", false), InlineData("POST", "/Chat", false), InlineData("POST", "/chats", false)]
    [InlineData("POST", "/find/a", true), InlineData("PUT", "/find/a/b", true), InlineData("POST", "/find", false), InlineData("POST", "/finder", false)]
    public void What_changes_nothing_or_was_declared_safe_may_be_repeated(string method, string path, bool may) =>
        Assert.Equal(may, ShadowPolicy.MayRepeat(method, path, ["/chat", "/find/*"]));

    [Theory]
    [InlineData("Authorization", true), InlineData("Cookie", true), InlineData("X-API-Key", true), InlineData("api_key", true), InlineData("Mcp-Session-Id", true), InlineData("x-amz-security-token", true)]
    [InlineData("X-User-Id", false), InlineData("Content-Type", false), InlineData("Accept", false), InlineData("User-Agent", false)]
    public void A_credential_is_known_by_its_name(string name, bool isCredential) => Assert.Equal(isCredential, ShadowPolicy.IsCredential(name));

    [Theory]
    [InlineData("/a", false), InlineData("/a?q=token", false), InlineData("/a?access_token=1", true), InlineData("/a?q=1&key=2", true), InlineData("/a?%6bey=2", true), InlineData("/token?q=1", false)]
    public void A_query_that_names_a_credential_is_found(string target, bool has) => Assert.Equal(has, ShadowPolicy.HasCredentialInQuery(target));

    [Fact]
    public void A_draw_takes_exactly_its_share_of_all_draws() =>
        Assert.Equal((0, 2_000, 10_000), (Taken(Weight.None), Taken(Weight.FromPercent(20)), Taken(Weight.Full)));

    private static int Taken(Weight share) => Enumerable.Range(0, Weight.Scale).Count(draw => ShadowPolicy.IsSampled(share, draw));
}
