using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Server.Gateway;

/// <summary>The small pure rules, each by itself.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/v1/chat/completions?a=b;c&d=../..//%2f")]
    [InlineData("/a.b/..c/.d./e..")]
    [InlineData("/%C3%A4/%20/~user/a:b@c/(x)!$&'*+,=")]
    [InlineData("/trailing/")]
    public void A_path_in_its_one_form_passes(string target) => Assert.Null(RequestTarget.Judge(target));

    [Theory]
    [InlineData("//")]
    [InlineData("/a//b")]
    [InlineData("/.")]
    [InlineData("/..")]
    [InlineData("/a/./b")]
    [InlineData("/a/..?x")]
    [InlineData("/%2e")]
    [InlineData("/a%2Fb")]
    [InlineData("/a%5cb")]
    [InlineData("/a%252e")]
    [InlineData("/a%00")]
    [InlineData("/a%3Bb")]
    [InlineData("/a%zz")]
    [InlineData("/a%4")]
    [InlineData("/a\\b")]
    [InlineData("/a;b")]
    [InlineData("/a b")]
    [InlineData("/a#b")]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("http://a/")]
    public void Any_other_path_is_refused(string target) => Assert.Equal(400, RequestTarget.Judge(target)!.Status);

    [Fact]
    public void No_path_that_passes_has_a_second_reading() => Prop.ForAll(
        Gen.Elements("/", "a", ".", "%2e", "%2F", ";", "%41", "?", "%", "\\", "//", "..").ListOf().Select(parts => "/" + string.Concat(parts)).ToArbitrary(),
        target =>
        {
            if (RequestTarget.Judge(target) is not null) return true;
            var path = target.Split('?')[0];
            return Uri.UnescapeDataString(path).Split('/').Skip(1).SkipLast(1).All(segment => segment is not ("" or "." or ".."))
                && new Uri("http://a" + path).Segments.Length == path.Split('/').Length - (path.EndsWith('/') ? 1 : 0);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("x-canary", true)]
    [InlineData("X_CANARY-pin", true)]
    [InlineData("x-canary_", true)]
    [InlineData("x-canaryx", false)]
    [InlineData("x-canar", false)]
    [InlineData("X\u00adcanary", false)]
    [InlineData("\u0018-canary", false)]
    public void Our_headers_are_known_in_every_spelling(string name, bool expected) => Assert.Equal(expected, HeaderRules.IsCanary(name));

    [Theory]
    [InlineData("""{"a":{"b":"x"}}""", "a.b", "x")]
    [InlineData("""{"b":1,"a":{"c":[{"b":2}],"b":-1.50e3}}""", "a.b", "-1.50e3")]
    [InlineData("""{"a":{"b":"first","b":"second"}}""", "a.b", "first")]
    [InlineData("""{"a":{"b":"\u00e4\n"}}""", "a.b", "ä\n")]
    [InlineData("""{"a":{"b":true}}""", "a.b", null)]
    [InlineData("""{"a":{"b":null}}""", "a.b", null)]
    [InlineData("""{"a":["b"]}""", "a.b", null)]
    [InlineData("""{"a":"x"}""", "a.b", null)]
    [InlineData("""["a"]""", "a", null)]
    [InlineData("""{"a":"\ud800"}""", "a", null)]
    [InlineData("{", "a", null)]
    [InlineData("", "a", null)]
    [InlineData("a=b", "a", null)]
    public void A_field_of_a_body_is_found_or_there_is_no_key(string json, string path, string? expected) =>
        Assert.Equal(expected, JsonField.Find(Encoding.UTF8.GetBytes(json), path.Split('.')));

    [Fact]
    public void No_bytes_make_the_search_for_a_field_throw() => Prop.ForAll<byte[]>(bytes =>
    {
        JsonField.Find(bytes, ["a"]);
        return JsonEdit.TrySet(bytes, ImmutableSortedDictionary<string, string>.Empty) is var _;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("""{}""", """{"model":"m"}""")]
    [InlineData("""{"model":1,"a":[ 1 , 2.0 ],"model":2}""", """{"a":[ 1 , 2.0 ],"model":"m"}""")]
    [InlineData("""{"mod\u0065l":1,"x":{"model":1}}""", """{"x":{"model":1},"model":"m"}""")]
    [InlineData("""[]""", null)]
    [InlineData("""{"a":1} x""", null)]
    [InlineData("""{"a":1""", null)]
    [InlineData("", null)]
    public void Fields_are_set_at_the_top_and_nothing_else_is_touched(string json, string? expected)
    {
        var edited = JsonEdit.TrySet(Encoding.UTF8.GetBytes(json), ImmutableSortedDictionary<string, string>.Empty.Add("model", "\"m\""));
        Assert.Equal(expected, edited is null ? null : Encoding.UTF8.GetString(edited));
    }

    [Fact]
    public void A_deep_body_is_left_alone()
    {
        var deep = "{\"a\":" + new string('[', 100_000);
        Assert.Null(JsonField.Find(Encoding.UTF8.GetBytes(deep), ["b"]));
        Assert.Null(JsonEdit.TrySet(Encoding.UTF8.GetBytes(deep), ImmutableSortedDictionary<string, string>.Empty));
    }

    [Fact]
    public void Every_fault_of_the_options_is_said_at_once()
    {
        var options = new GatewayOptions { MaxConnections = 0, RescueShare = double.NaN, ConnectTimeout = TimeSpan.Zero, MaxReadBody = -1, DataDirectory = " " };
        options.TrustForce.Add("everywhere");
        Assert.Equal(6, new GatewayOptionsValidator().Validate(null, options).Failures!.Count());
        Assert.True(new GatewayOptionsValidator().Validate(null, new()).Succeeded);
    }
}
