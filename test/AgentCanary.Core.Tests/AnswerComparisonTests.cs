using System.Text;
using AgentCanary.Shadow;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests;

public sealed class AnswerComparisonTests
{
    [Theory]
    [InlineData("""{"a":1,"b":"x"}""", """{ "b": "x", "a": 1.0 }""", true)]
    [InlineData("""{"a":100}""", """{"a":101}""", true), InlineData("""{"a":100}""", """{"a":102}""", false)]
    [InlineData("""{"a":1}""", """{"a":1,"id":"7"}""", true), InlineData("""{"a":1}""", """{"a":1,"b":2}""", false), InlineData("""{"a":1,"b":2}""", """{"a":1}""", false)]
    [InlineData("""{"l":[{"id":1,"v":true}]}""", """{"l":[{"id":2,"v":true}]}""", true), InlineData("""{"l":[1]}""", """{"l":[1,1]}""", false)]
    [InlineData("""{"a":null}""", """{"a":false}""", false), InlineData("""{"a":"1"}""", """{"a":1}""", false)]
    [InlineData("""{"t":"The order 17 was shipped on Monday to Berlin."}""", """{"t":"the order 17 was shipped on Monday, to Berlin"}""", true)]
    [InlineData("""{"t":"The order 17 was shipped on Monday to Berlin."}""", """{"t":"I cannot help with this."}""", false)]
    [InlineData("plain text", """{"a":1}""", false)]
    public void Json_agrees_in_its_structure_its_numbers_and_its_texts(string stable, string shadow, bool agree) =>
        Assert.Equal(agree, Agree(stable, shadow, new() { Ignore = ["id", "l.id"], Tolerance = 0.01 }));

    [Theory]
    [InlineData(
        """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"v1","system_fingerprint":"v1","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"refund","arguments":"{\"id\":17}"}}]},"finish_reason":"tool_calls"}],"usage":{"total_tokens":9}}""",
        """{"id":"chatcmpl-2","object":"chat.completion","created":2,"model":"v2","system_fingerprint":"v2","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_2","type":"function","function":{"name":"refund","arguments":"{\"id\":17}"}}]},"finish_reason":"tool_calls"}],"usage":{"total_tokens":8}}""", true)]
    [InlineData("""{"id":"r1","created_at":1,"output":[{"type":"function_call","call_id":"c1","name":"refund","arguments":"{}"}]}""", """{"id":"r2","created_at":2,"request_id":"q","output":[{"type":"function_call","call_id":"c2","name":"refund","arguments":"{}"}]}""", true)]
    [InlineData("""{"result":{"id":"t1","contextId":"c1","status":{"state":"completed","timestamp":"2026-01-01T00:00:00Z"}}}""", """{"result":{"id":"t2","contextId":"c2","status":{"state":"completed","timestamp":"2026-01-02T00:00:00Z"}}}""", true)]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"id":"1","function":{"name":"refund","arguments":"{\"id\":17}"}}]}}]}""", """{"choices":[{"message":{"tool_calls":[{"id":"2","function":{"name":"refund","arguments":"{\"id\":18}"}}]}}]}""", false)]
    [InlineData("""{"content":[{"type":"tool_use","id":"1","name":"refund","input":{"id":17}}]}""", """{"content":[{"type":"tool_use","id":"2","name":"refund","input":{"id":18}}]}""", false)]
    [InlineData("""{"args":{"orders":[{"id":17}]}}""", """{"args":{"orders":[{"id":18}]}}""", false)]
    public void Unless_told_otherwise_what_never_agrees_is_left_out_at_any_depth_but_not_from_what_a_tool_is_called_with(string stable, string shadow, bool agree)
    {
        Assert.Equal(agree, AnswerComparison.Similarity(Encoding.UTF8.GetBytes(stable), Encoding.UTF8.GetBytes(shadow), new()) == 1);
        Assert.False(Agree(stable, shadow, new() { Ignore = [] }));
    }

    [Fact]
    public void A_stream_is_compared_by_its_text_not_by_its_pieces()
    {
        const string stable = "data: {\"id\":\"1\",\"choices\":[{\"delta\":{\"content\":\"Your order was \"}}]}\n\ndata: {\"id\":\"1\",\"choices\":[{\"delta\":{\"content\":\"shipped.\"}}]}\n\ndata: [DONE]\n\n";
        const string shadow = "data: {\"id\":\"2\",\"choices\":[{\"delta\":{\"content\":\"Your order was shipped.\"}}]}\n\ndata: [DONE]\n\n";
        Assert.Equal(1, AnswerComparison.Similarity(Encoding.UTF8.GetBytes(stable), Encoding.UTF8.GetBytes(shadow), new()));
        Assert.False(Agree(stable, shadow.Replace("was shipped", "cannot be found", StringComparison.Ordinal), new()));
    }

    [Theory]
    [InlineData("""data: {"id":"ID","choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"refund_order","arguments":""}}]}}]}""", """data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"order\":17,\"why\":\"it never came and the customer waited long enough for it\"}"}}]}}]}""", "refund_order", "cancel_order")]
    [InlineData("""data: {"id":"ID","choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"refund_order","arguments":""}}]}}]}""", """data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"order\":17}"}}]}}]}""", "17", "18")]
    [InlineData("""data: {"type":"content_block_start","content_block":{"type":"tool_use","id":"ID","name":"refund_order","input":{}}}""", """data: {"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{\"order\":17}"}}""", "refund_order", "cancel_order")]
    [InlineData("""data: {"type":"content_block_start","content_block":{"type":"tool_use","id":"ID","name":"refund_order","input":{}}}""", """data: {"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{\"order\":17}"}}""", "17", "18")]
    [InlineData("""data: {"message":{"tool_calls":[{"id":"ID","function":{"name":"refund_order","arguments":{"order":17}}}]}}""", "data: [DONE]", "17", "18")]
    [InlineData("""data: {"type":"TOOL_CALL_START","toolCallId":"ID","toolCallName":"refund_order"}""", """data: {"type":"TOOL_CALL_ARGS","toolCallId":"1","delta":"{}"}""", "refund_order", "cancel_order")]
    public void Streamed_calls_of_tools_agree_where_tools_and_arguments_do(string first, string second, string here, string there)
    {
        var stable = $"{first}\n\n{second}\n\n";
        Assert.Equal(1, AnswerComparison.Similarity(Encoding.UTF8.GetBytes(stable), Encoding.UTF8.GetBytes(stable.Replace("ID", "other", StringComparison.Ordinal)), new()));
        Assert.False(Agree(stable, stable.Replace(here, there, StringComparison.Ordinal), new()));
    }

    [Theory]
    [InlineData("id: 17\nstatus: shipped", "id: 17\nstatus: lost"), InlineData("event: moon\n", "event: mars\n"), InlineData(": yes", ": no"), InlineData("data: 17\nstatus: shipped", "data: 17\nstatus: lost")]
    [InlineData("data: 17\n\n", "data: 18\n\n"), InlineData("data: \"yes\"\n\n", "data: \"no\"\n\n"), InlineData("""data: {"status":"shipped"}""", """data: {"status":"lost"}""")]
    [InlineData("""data: {"choices":[{"delta":{"content":"","refusal":"no"}}]}""", """data: {"choices":[{"delta":{"content":"","refusal":"maybe"}}]}""")]
    public void What_only_looks_like_a_stream_or_says_nothing_known_is_compared_as_it_is(string stable, string shadow) =>
        Assert.InRange(AnswerComparison.Similarity(Encoding.UTF8.GetBytes(stable), Encoding.UTF8.GetBytes(shadow), new()), 0, 0.99);

    [Fact]
    public void Exact_means_every_byte()
    {
        Assert.True(Agree("a", "a", new() { Kind = AgreementKind.Exact }));
        Assert.False(Agree("{\"a\":1}", "{\"a\": 1}", new() { Kind = AgreementKind.Exact, Similarity = 0.1 }));
    }

    [Fact]
    public void Similarity_is_symmetric_between_0_and_1_and_1_of_a_text_with_itself() => Prop.ForAll<NonNull<string>, NonNull<string>>((left, right) =>
    {
        var similarity = TextSimilarity.Of(left.Get, right.Get);
        Assert.InRange(similarity, 0, 1);
        Assert.Equal(similarity, TextSimilarity.Of(right.Get, left.Get));
        Assert.Equal(1, TextSimilarity.Of(left.Get, left.Get));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_of_an_agent_make_the_comparison_throw() => Prop.ForAll<byte[], byte[]>((left, right) =>
    {
        foreach (var kind in Enum.GetValues<AgreementKind>()) Assert.InRange(AnswerComparison.Similarity(left, right, new() { Kind = kind }), 0, 1);
    }).QuickCheckThrowOnFailure();

    [Theory, InlineData("""{"a":1e999}""", """{"a":2e999}"""), InlineData("""{"a":"\ud800"}""", """{"a":"\udc00"}"""), InlineData("data: {\"text\":\"\\ud800\"}\n", "data: x\n")]
    public void Neither_do_numbers_and_letters_that_are_none(string left, string right) => Assert.InRange(AnswerComparison.Similarity(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right), new()), 0, 1);

    private static bool Agree(string stable, string shadow, AgreementTerms terms) => AnswerComparison.Agree(Encoding.UTF8.GetBytes(stable), Encoding.UTF8.GetBytes(shadow), terms);
}
