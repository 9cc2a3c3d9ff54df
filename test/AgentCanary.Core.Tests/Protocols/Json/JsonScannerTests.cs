using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentCanary.Protocols.Json;

public sealed class JsonScannerTests
{
    private static readonly string[] Names = ["a", "b", "ä\"\\", "c.d"];
    private static readonly string[] Texts = ["", "x", "\"}{][", "\\", "a\nb\t/", "Ürk🚀", "\u0001", new string('y', 300)];
    private static readonly string[] Paths = ["a", "a.b", "a[]", "a[].b", "b[][].a", "b.a.a", "[]", "[].a", "ä\"\\", "ä\"\\.b"];
    private static readonly JsonShape Shape = Watched(Paths);

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void It_finds_what_a_whole_parser_finds_however_the_text_is_cut(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var tree = Tree(random, 5);
            var options = new JsonSerializerOptions { WriteIndented = random.Next(2) == 0, Encoder = random.Next(2) == 0 ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : null };
            var text = tree?.ToJsonString(options) ?? "null";
            var expected = new List<string>();
            Walk(tree, "", expected);
            Assert.Equal(expected, Scan(Encoding.UTF8.GetBytes(text + " "), random));
        }
    }

    [Theory]
    [InlineData("""{"a":1}""", true, false)]
    [InlineData("""{"a":1} """, true, false)]
    [InlineData("""{"a":[{"c":"}]"}""", false, false)]
    [InlineData("""{"a":tru""", false, false)]
    [InlineData("""{"a":trux}""", false, true)]
    [InlineData("""{"a" 1}""", false, true)]
    [InlineData("""{"a":1]""", false, true)]
    [InlineData("""{"a":1}}""", false, true)]
    [InlineData("<html>", false, true)]
    [InlineData("", false, false)]
    [InlineData("17", true, false)]
    [InlineData("null", true, false)]
    public void It_tells_a_whole_text_from_half_of_one_and_from_what_is_none(string text, bool isWhole, bool isMalformed)
    {
        var scanner = new JsonScanner(Shape);
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        while (scanner.Next(ref bytes)) { }
        Assert.Equal((isWhole, isMalformed), (scanner.IsWhole, scanner.IsMalformed));
    }

    [Theory]
    [InlineData(@"\ud83d\ude80", "🚀")]
    [InlineData(@"\ud83d", "\uFFFD")]
    [InlineData(@"\ud83dx", "\uFFFDx")]
    [InlineData(@"\ude80", "\uFFFD")]
    [InlineData(@"\ud83d\ud83d\ude80", "\uFFFD🚀")]
    [InlineData(@"\/\b\f\n\r\t\""", "/\b\f\n\r\t\"")]
    [InlineData(@"\u00e4", "ä")]
    public void Escapes_are_undone(string written, string meant)
    {
        var scanner = new JsonScanner(Shape);
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes($$"""{"a":"{{written}}"}""");
        Assert.True(scanner.Next(ref bytes));
        Assert.Equal(JsonKind.StringBegun, scanner.Kind);
        Assert.True(scanner.Next(ref bytes));
        Assert.Equal(meant, Encoding.UTF8.GetString(scanner.Text));
    }

    private static JsonShape Watched(string[] paths)
    {
        var shape = new JsonShape();
        for (var i = 0; i < paths.Length; i++) shape.Watch(i, paths[i]);
        return shape;
    }

    private static List<string> Scan(byte[] text, Random random)
    {
        var (scanner, found) = (new JsonScanner(Shape), new List<string>());
        for (var from = 0; from < text.Length;)
        {
            var to = Math.Min(text.Length, from + random.Next(1, 12));
            ReadOnlySpan<byte> bytes = text.AsSpan(from, to - from);
            while (scanner.Next(ref bytes)) found.Add($"{Paths[scanner.Field]} {scanner.Kind} {Encoding.UTF8.GetString(scanner.Text)}");
            from = to;
        }

        Assert.True(scanner.IsWhole);
        return found;
    }

    private static JsonNode? Tree(Random random, int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(random.Next(-1000, 1000) / 8.0),
        3 or 4 => JsonValue.Create(Texts[random.Next(Texts.Length)]),
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Tree(random, depth - 1))]),
        _ => new JsonObject(Names.Where(_ => random.Next(3) > 0).Select(name => KeyValuePair.Create(name, Tree(random, depth - 1)))),
    };

    // "c.d" is one name with a dot, which no path can say: its values are never watched.
    private static void Walk(JsonNode? node, string path, List<string> found)
    {
        var watched = Array.IndexOf(Paths, path) >= 0;
        switch (node)
        {
            case JsonObject fields:
                if (watched) found.Add($"{path} Object ");
                foreach (var (name, value) in fields) Walk(value, name == "c.d" ? "#" : path.Length == 0 ? name : $"{path}.{name}", found);
                break;
            case JsonArray items:
                if (watched) found.Add($"{path} Array ");
                foreach (var item in items) Walk(item, $"{path}[]", found);
                break;
            default:
                if (watched) AddScalar(node, path, found);
                break;
        }
    }

    private static void AddScalar(JsonNode? node, string path, List<string> found)
    {
        var kind = node?.GetValueKind() ?? JsonValueKind.Null;
        var text = kind == JsonValueKind.String ? node!.GetValue<string>() : kind == JsonValueKind.Number ? node!.ToJsonString() : "";
        if (kind == JsonValueKind.String && text.Length > 0) found.Add($"{path} StringBegun ");
        found.Add($"{path} {kind} {(text.Length > 256 ? text[..256] : text)}");
    }
}
