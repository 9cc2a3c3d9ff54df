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
        "\"password\": \"hunter2\"", "\\\"api_key\\\":\\\"zz9\\\"", "token=abc", "authorization: Basic dXNlcjpwYXNz",
    ];

    private static readonly string[] Words =
        ["Order", "17", "was", "shipped", "on", "2026-11-21", " ", " ", ",", ":", "=", "@", ".", "-", "_", "/", "+", "\"", "\\", "{", "}", "[", "]", "(", "12", "34", "ab", "sk", "bearer", "token", "secret", "https://", "\n", "é", "٣"];

    // What must not be left, written down apart from the rules.
    private static readonly Regex[] Forbidden =
    [
        new(@"[\p{L}\p{N}]@[\w-]+\.[\w]"), new(@"\d(?:[ ().\-/]?\d){8,}"), new("[0-9a-fA-F]{16}"), new("[A-Za-z0-9+/_-]{32}"), new(@"(?i)bearer\s+[\w.~+/=-]{6}"), new("(?:sk|ghp)[-_][A-Za-z0-9_-]{12}"),
        new(@"(?i)(?:password|token|api_key|authorization)[""\\]*\s*[:=]\s*[""\\]*[\w]", RegexOptions.ECMAScript),
    ];

    [Theory]
    [InlineData("Write to ann@example.com or call +1 (415) 555-0100 now.", "Write to [email] or call [number] now.")]
    [InlineData("Authorization: Bearer abcdefgh, then go on", "[secret], then go on"), InlineData("""{"user":"u1","password":"a b"}""", """{"user":"u1","[secret] b"}""")]
    [InlineData("Order 10017 was shipped on 2026-11-21 for 129.90 EUR.", "Order 10017 was shipped on 2026-11-21 for 129.90 EUR.")]
    [InlineData("""{"usage":{"total_tokens":35,"prompt_tokens":12}}""", """{"usage":{"total_tokens":35,"prompt_tokens":12}}""")]
    [InlineData("authorization: bearer , done", "[secret], done"), InlineData("token=basic dXNlcg== x", "[secret] x")]
    [InlineData("key sk-abcdefgh1234 and 9f86d081884c7d65", "key [key] and [id]")]
    public void Secrets_and_what_finds_a_person_are_replaced_by_their_kind_and_the_rest_stays(string text, string redacted) => Assert.Equal(redacted, Redaction.Of(text));

    [Theory]
    [InlineData("token:"), InlineData("token "), InlineData("bearer "), InlineData("password=\""), InlineData("a.a@"), InlineData("1 "), InlineData("sk-"), InlineData("eyJ."), InlineData("secret\\")]
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
