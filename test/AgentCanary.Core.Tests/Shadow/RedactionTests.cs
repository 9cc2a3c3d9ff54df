using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentCanary.Shadow;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Shadow;

public sealed class RedactionTests
{
    private static readonly string[] Secrets =
    [
        "ann.lee+shop@example.co.uk", "+49 (30) 1234-5678", "4111 1111 1111 1111", "4111-1111-1111-1111", "0171/2345678", "Bearer abc.DEF-123_x", "sk-proj-AbCd1234efGH", "ghp_16C7e42F292c6912E7",
        "AKIAIOSFODNN7EXAMPLE", "eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeK", "9f86d081884c7d659a2feaa0c55ad015", "6f1e0a52-7c39-4b5e-9d0a-1b2c3d4e5f60", "dGhpcyBpcyBhIHNlY3JldCB0aGF0IGlzIGxvbmc=",
        "\"password\": \"hunter2\"", "\\\"api_key\\\":\\\"zz9\\\"", "token=abc", "authorization: Basic dXNlcjpwYXNz", "{\"passphrase\":\"correct horse\"}", "Cookie: a=b; sid=c",
    ];

    private static readonly string[] Words =
        ["Order", "17", "was", "shipped", "on", "2026-11-21", " ", " ", ",", ":", "=", "@", ".", "-", "_", "/", "+", "\"", "\\", "{", "}", "[", "]", "(", "12", "34", "ab", "sk", "bearer", "token", "secret", "https://", "\n", "é", "٣"];

    // What must not be left, written down apart from the rules.
    private static readonly Regex[] Forbidden =
    [
        new(@"[\p{L}\p{N}]@[\w-]+\.[\w]"), new(@"\d(?:[ ().\-/]?\d){8,}"), new("[0-9a-fA-F]{16}"), new("[A-Za-z0-9+/_-]{32}"), new(@"(?i)bearer\s+[\w.~+/=-]{6}"), new("(?:sk|ghp)[-_][A-Za-z0-9_-]{12}"),
        new(@"(?i)(?:password|token|api_key|authorization)[""\\]*\s*[:=]\s*[""\\]*[\w]", RegexOptions.ECMAScript),
    ];

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("Write to ann@example.com or call +1 (415) 555-0100 now.", "Write to [email] or call [number] now.")]
    [InlineData("Authorization: Bearer abcdefgh, then go on", "[secret], then go on"), InlineData("""{"user":"u1","password":"a b"}""", """{"user":"u1","[secret]"}""")]
    [InlineData("Order 10017 was shipped on 2026-11-21 for 129.90 EUR.", "Order 10017 was shipped on 2026-11-21 for 129.90 EUR.")]
    [InlineData("""{"usage":{"total_tokens":35,"prompt_tokens":12}}""", """{"usage":{"total_tokens":35,"prompt_tokens":12}}""")]
    [InlineData("authorization: bearer , done", "[secret], done"), InlineData("token=basic dXNlcg== x", "[secret] x")]
    [InlineData("""{"passphrase":"correct horse battery staple","n":1}""", """{"[secret]","n":1}"""), InlineData("""{"password":"a\"b c\\","n":1}""", """{"[secret]","n":1}""")]
    [InlineData("""{"s":"{\"password\":\"a\\\"b c\",\"n\":1}"}""", """{"s":"{\"[secret]\",\"n\":1}"}"""), InlineData("password='a b' c", "[secret]' c")]
    [InlineData("Cookie: theme=dark; sid=abc123\nHost: x", "[secret]\nHost: x"), InlineData("""{"h":"Cookie: a=b; sid=c","n":1}""", """{"h":"[secret]","n":1}""")]
    [InlineData("Authorization: Digest username=\"Mufasa\", response=\"66\"\r\nHost: x", "[secret]\r\nHost: x"), InlineData("authorization: one two", "[secret]")]
    [InlineData("password: a;b,c}d]e, then", "[secret], then"), InlineData("{password: a}", "{[secret]}"), InlineData("""{"token":null,"n":1}""", """{"[secret],"n":1}""")]
    [InlineData("""{"api_key":["zz9","a]b"],"n":1}""", """{"[secret],"n":1}"""), InlineData("""{"secret":{"value":"a b"},"n":1}""", """{"[secret],"n":1}""")]
    [InlineData("""{"token":"","n":1}""", """{"token":"","n":1}"""), InlineData("'password' => 'x y'", "'[secret]'"), InlineData("""{"mail":"a\u0040b.de"}""", """{"mail":"[email]"}""")]
    [InlineData("key sk-abcdefgh1234 and 9f86d081884c7d65", "key [key] and [id]")]
    public void Secrets_and_what_finds_a_person_are_replaced_by_their_kind_and_the_rest_stays(string text, string redacted) => Assert.Equal(redacted, Redaction.Of(text));

    [Theory]
    [InlineData("token:"), InlineData("token "), InlineData("bearer "), InlineData("password=\""), InlineData("a.a@"), InlineData("1 "), InlineData("sk-"), InlineData("eyJ."), InlineData("secret\\")]
    [InlineData("token=["), InlineData("token={\"a\":"), InlineData("cookie:\""), InlineData("cookie:\"\n"), InlineData("token:\\\""), InlineData("token=\"\""), InlineData("token:\\"), InlineData("authorization: x\\n"), InlineData("\\u0040"), InlineData("token:, ")]
    public void A_text_made_to_be_slow_takes_no_longer_than_its_length(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, (2 << 20) / piece.Length));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var redacted = Redaction.Of(text);
        Assert.True(redacted.Length <= text.Length);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"It took {clock.Elapsed}."); // it takes a tenth of a second; as one pattern, names of secrets took more than a minute
    }

    [Fact]
    public void No_secret_survives_in_whatever_stands_around_it() => Prop.ForAll(Texts, text =>
    {
        var redacted = Redaction.Of(text.Text);
        Assert.DoesNotContain(text.Secret, redacted, StringComparison.Ordinal);
        Assert.All(Forbidden, pattern => Assert.DoesNotMatch(pattern, redacted));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_named_secret_in_json_goes_whole_whatever_it_is_and_however_deep() => Prop.ForAll<NonEmptyString, bool>((secret, isDeep) =>
    {
        var json = JsonSerializer.Serialize(new { password = secret.Get, n = 1 }, Relaxed);
        var redacted = """{"[secret]","n":1}""";
        if (isDeep) (json, redacted) = (JsonSerializer.Serialize(json, Relaxed), JsonSerializer.Serialize(redacted, Relaxed));
        Assert.Equal(redacted, Redaction.Of(json));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void To_redact_twice_is_to_redact_once() => Prop.ForAll(Texts, text =>
    {
        var once = Redaction.Of(text.Text);
        Assert.Equal(once, Redaction.Of(once));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_redacted_without_a_fault() => Prop.ForAll<NonNull<string>>(text => { Redaction.Of(text.Get); }).QuickCheckThrowOnFailure();

    private static Arbitrary<(string Text, string Secret)> Texts => (
        from before in Gen.Elements(Words).ListOf()
        from secret in Gen.Elements(Secrets)
        from after in Gen.Elements(Words).ListOf()
        select (string.Concat(before) + secret + string.Concat(after), secret)).ToArbitrary();
}
