using System.Text;

namespace AgentCanary.Protocols.Sse;

public sealed class SseFramerTests
{
    private static readonly string[] Lines =
        ["", "", "", "data: a", "data:b", "data:", "data", "data:  c", ": comment", "event: x", "event:y", "event", "id: 1", "dat: no", "datas: no", " data: no", "data: d: e"];

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void It_frames_events_as_the_standard_says_however_the_stream_is_cut(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var lines = Enumerable.Range(0, random.Next(20)).Select(_ => Lines[random.Next(Lines.Length)]).ToList();
            var text = (random.Next(4) == 0 ? "\uFEFF" : "") + string.Concat(lines.Select(line => line + new[] { "\n", "\r", "\r\n" }[random.Next(3)]));
            // A carriage return and the line feed of an empty line behind it are one line end, not two: here too.
            var read = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
            Assert.Equal(Events(read[..^1]), Frame(Encoding.UTF8.GetBytes(text), random));
        }
    }

    [Theory, InlineData("data: a", true), InlineData("data: a\n", true), InlineData("data: a\n\n", false), InlineData("event: a\n", false), InlineData(": a\n", false), InlineData("", false)]
    public void At_the_end_an_event_without_its_blank_line_is_still_under_way(string text, bool isUnderWay)
    {
        var framer = new SseFramer();
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        while (framer.Next(ref bytes, out _) != SsePart.None) { }
        Assert.Equal(isUnderWay, framer.End());
    }

    [Fact]
    public void Of_a_long_name_the_beginning_is_kept()
    {
        var framer = new SseFramer();
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes($"event: {new string('n', 1000)}\ndata: a\n\n");
        while (framer.Next(ref bytes, out _) != SsePart.End) { }
        Assert.Equal(new string('n', SseFramer.MaxName), Encoding.UTF8.GetString(framer.Name));
    }

    private static List<(string Name, string Text)> Frame(byte[] stream, Random random)
    {
        var (framer, found, text) = (new SseFramer(), new List<(string, string)>(), new StringBuilder());
        for (var from = 0; from < stream.Length;)
        {
            var to = Math.Min(stream.Length, from + random.Next(1, 9));
            ReadOnlySpan<byte> bytes = stream.AsSpan(from, to - from);
            while (framer.Next(ref bytes, out var more) is not SsePart.None and var part)
            {
                if (part == SsePart.Text) text.Append(Encoding.UTF8.GetString(more));
                if (part != SsePart.End) continue;
                found.Add((Encoding.UTF8.GetString(framer.Name), text.ToString()));
                text.Clear();
            }

            from = to;
        }

        return found;
    }

    // The standard's own rules, on whole lines. Empty data lines at an event's end are left out: they hold nothing that a reader could use.
    private static List<(string Name, string Text)> Events(IEnumerable<string> lines)
    {
        var (found, name, text) = (new List<(string, string)>(), "", default(List<string>));
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                if (text is not null) found.Add((name, string.Join('\n', text)));
                (name, text) = ("", null);
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
            if (value.StartsWith(' ')) value = value[1..];
            if (field == "event") name = value;
            if (field == "data") (text ??= []).Add(value);
        }

        return found;
    }
}
