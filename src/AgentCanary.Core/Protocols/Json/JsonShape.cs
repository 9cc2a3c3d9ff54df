using System.Text;

namespace AgentCanary.Protocols.Json;

/// <summary>The places of a JSON text that somebody watches. Made once for each protocol; read-only and thread-safe from then on.</summary>
internal sealed class JsonShape
{
    private int _fields;

    /// <summary>Gets the place of the whole text.</summary>
    public JsonPlace Root { get; } = new();

    /// <summary>Gets how many containers deep the deepest watched place lies.</summary>
    public int Depth { get; private set; }

    /// <summary>Watches places, and returns this shape.</summary>
    /// <param name="field">The number under which values at any of these places are reported, from 0.</param>
    /// <param name="paths">The places, such as <c>choices[].delta.content</c>: fields by name, <c>[]</c> for the items of an array.</param>
    public JsonShape Watch(int field, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths) Add(field, path);
        return this;
    }

    /// <summary>Reads a text that is whole.</summary>
    /// <param name="json">The text; what is no JSON is read as far as it goes.</param>
    /// <param name="maxText">The most bytes that are kept of a string.</param>
    /// <param name="takesNumbers">Whether numbers are texts too, as they were written.</param>
    /// <returns>For each field the last of its strings that are not empty, or <c>true</c> for the literal; else null.</returns>
    public string?[] ReadTexts(ReadOnlySpan<byte> json, int maxText, bool takesNumbers = false)
    {
        var texts = new string?[_fields];
        var scanner = new JsonScanner(this, maxText);
        while (scanner.Next(ref json))
        {
            if (scanner.Kind == JsonKind.True) texts[scanner.Field] = "true";
            if (scanner.Kind == JsonKind.String && !scanner.Text.IsEmpty || takesNumbers && scanner.Kind == JsonKind.Number) texts[scanner.Field] = Encoding.UTF8.GetString(scanner.Text);
        }

        return texts;
    }

    private void Add(int field, string path)
    {
        var (node, depth) = (Root, 0);
        foreach (var step in path.Replace("[]", ".[]", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            node = step == "[]" ? node.AddItems() : node.AddField(Encoding.UTF8.GetBytes(step));
            depth++;
        }

        node.Field = field;
        _fields = Math.Max(_fields, field + 1);
        Depth = Math.Max(Depth, depth);
    }
}
