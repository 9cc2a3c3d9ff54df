using System.Text;
using AgentCanary.Routing;

namespace AgentCanary.Planning;

public sealed class TraceReaderTests
{
    private const string Good = """{"t":12.5,"arm":"canary","key":"user-1","class":"truncated","latency_ms":812.4,"ttft_ms":120,"tokens":350,"cost":0.0021,"safety":2,"scores":{"quality":0.8,"other":1}}""";

    private static readonly Spec.RolloutSpec Rollout = SomeTraces.Rollout(SomeTraces.Stage("initial", TimeSpan.Zero, "score.quality > 0.5"));

    [Fact]
    public void A_line_is_read_to_the_letter()
    {
        var outcome = Assert.Single(Read(Good).Trace!.Outcomes.ToArray());
        Assert.Equal(
            new TraceOutcome(TimeSpan.FromSeconds(12.5), Arm.Canary, StickyHash.Hash("user-1", StickyHash.Salt("support-agent", "v2", 1)), default),
            outcome with { Outcome = default });
        Assert.Equal(
            new Outcome
            {
                Class = OutcomeClass.Truncated, Latency = TimeSpan.FromMilliseconds(812.4), FirstContent = TimeSpan.FromMilliseconds(120), Tokens = 350, Cost = 0.0021, SafetyViolations = 2,
            },
            outcome.Outcome with { Scores = default });
        Assert.Equal(new("quality", 0.8), Assert.Single(outcome.Outcome.Scores)); // no check asks for the other one
    }

    [Theory]
    [InlineData("""{"t":1,"arm":"outside"}""")]
    [InlineData("""{"arm":"outside","unknown":{"t":[1,{"arm":"x"}]},"t":1.0,"key":null,"class":null,"scores":null,"tokens":null}""")]
    [InlineData("""  { "t" : 1e0 , "arm" : "out\u0073ide" , "cost" : null } """ + "\r")]
    [InlineData("\uFEFF\n  \n" + """{"t":1,"arm":"outside"}""" + "\n\n")]
    public void What_is_absent_null_or_unknown_is_left_out(string text)
    {
        var reading = Read(text);
        Assert.Equal([new TraceOutcome(TimeSpan.FromSeconds(1), Arm.Outside, 0, default)], reading.Trace!.Outcomes.ToArray());
        Assert.Equal(1, reading.WithoutLatency);
    }

    [Theory]
    [InlineData("""{"t":1,"arm":"canary","key":"k\u00e4se"}""", "käse")]
    [InlineData("""{"t":1,"arm":"canary","key":"käse"}""", "käse")]
    [InlineData("""{"t":1,"arm":"canary","key":""}""", "")]
    public void A_key_is_hashed_as_a_router_hashes_it(string line, string key) =>
        Assert.Equal(StickyHash.Hash(key, StickyHash.Salt("support-agent", "v2", 1)), Read(line).Trace!.Outcomes[0].KeyHash);

    [Theory]
    [InlineData("""{"t":-0.5,"arm":"canary"}""", "t is -0.5, outside 0 to 315,360,000")]
    [InlineData("""{"t":1763732977,"arm":"canary"}""", "t is 1763732977, outside 0 to 315,360,000: it counts seconds from the trace's beginning")]
    [InlineData("""{"t":1e999,"arm":"canary"}""", "t is 1e999, outside 0 to 315,360,000: it counts seconds from the trace's beginning")]
    [InlineData("""{"t":"NaN","arm":"canary"}""", "t is a text: write a number")]
    [InlineData("""{"t":NaN,"arm":"canary"}""", "the line is no JSON from byte 6 on")]
    [InlineData("""{"t":{"x":1},"arm":["canary"]}""", "t is an object: write a number", "arm is a list: write a text")]
    [InlineData("""{"arm":"canry"}""", "arm is 'canry', not one of canary, control, outside", "t is missing: write when the request started, in seconds from the trace's beginning")]
    [InlineData("""{"t":1}""", "arm is missing: write who served, one of canary, control, outside")]
    [InlineData("""{"t":1,"arm":"canary","t":2}""", "t stands twice")]
    [InlineData("""{"t":1,"arm":"canary","class":"OK"}""", "class is 'OK', not one of ok, input_required, error_upstream, error_client, rate_limited, refusal, safety, truncated, tool_error, stream_broken, timeout, canceled_by_client, abandoned")]
    [InlineData("""{"t":1,"arm":"canary","latency_ms":-1,"ttft_ms":1e9,"tokens":1.5,"cost":-0.1,"safety":true,"scores":[1]}""",
        "latency_ms is -1, outside 0 to 86,400,000", "ttft_ms is 1e9, outside 0 to 86,400,000", "tokens is 1.5: write a whole number", "cost is -0.1, outside 0 to 1,000,000",
        "safety is true or false: write a number", "scores is a list: write an object of names and numbers")]
    [InlineData("""{"t":1,"arm":"canary","scores":{"quality":"good","speed":1e5,"style":{}},"key":7}""",
        "scores.quality is a text: write a number", "scores.speed is 1e5, outside -10000 to 10,000", "scores.style is an object: write a number", "key is a number: write a text")]
    [InlineData("""{"t":1,"arm":"canary","scores":{"quality":1,"quality":2}}""", "scores.quality stands twice")]
    [InlineData("""{"t":1,"arm":"canary"} {"t":2,"arm":"canary"}""", "the line is no JSON from byte 24 on")]
    [InlineData("""{"t":1,"arm":"canary",}""", "the line is no JSON from byte 23 on")]
    [InlineData("""{"t":1,"arm":"cana""", "the line is no JSON from byte 19 on")]
    [InlineData("[1]", "the line is a list: write one JSON object a line")]
    [InlineData("12", "the line is a number: write one JSON object a line")]
    [InlineData("""{"t":1,"arm":"canary","key":"\ud800"}""", "the line holds an escape such as \\ud800 that is half a character")]
    public void A_fault_names_the_field_its_value_and_the_rule(string line, params string[] faults)
    {
        var reading = Read($"{Good}\n{line}\n{Good}\n");
        Assert.Null(reading.Trace);
        Assert.Equal(faults.Select(fault => new TraceFault(2, fault)), reading.Faults);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_a_fault_of_their_line() =>
        Assert.Equal(new TraceFault(1, "the line is not UTF-8"), Assert.Single(Read([.. "{\"t\":1,\"arm\":\"canary\",\"key\":\""u8, 0xC3, .. "\"}"u8]).Faults));

    [Fact]
    public void The_first_twenty_faults_are_told_and_the_others_counted()
    {
        var reading = Read(string.Concat(Enumerable.Repeat("no\n", 1_000)));
        Assert.Equal(Enumerable.Range(1, 20).Select(line => (long)line), reading.Faults.Select(fault => fault.Line));
        Assert.Equal(980, reading.MoreFaults);
    }

    [Fact]
    public void A_line_without_end_is_given_up()
    {
        var reader = new TraceReader(Rollout);
        reader.Add("\n"u8);
        for (var i = 0; i < 64 && !reader.IsHopeless; i++) reader.Add(new byte[65_536]);
        Assert.True(reader.IsHopeless);
        Assert.Equal(new TraceFault(2, "the line is longer than 1048576 bytes: write one outcome a line"), Assert.Single(reader.Finish().Faults));
    }

    [Fact]
    public void Outcomes_of_other_agents_are_left_out_and_counted()
    {
        var reading = Read("""
            {"t":1,"arm":"canary","agent":"support-agent"}
            {"t":2,"arm":"canary","agent":"sales"}
            {"t":3,"arm":"canary"}
            {"t":4,"arm":"canary","agent":"sales"}
            {"t":5,"arm":"canary","agent":"a\u001bb"}
            """);
        Assert.Equal([1.0, 3.0], reading.Trace!.Outcomes.ToArray().Select(outcome => outcome.At.TotalSeconds));
        Assert.Equal(3, reading.Others);
        Assert.Equal(["a\\u001bb", "sales"], reading.OtherAgents.AsEnumerable());
    }

    private static TraceReading Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static TraceReading Read(byte[] bytes)
    {
        var reader = new TraceReader(Rollout);
        reader.Add(bytes);
        return reader.Finish();
    }
}
