using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCanary.Cli.Output;

namespace AgentCanary.Cli.Client;

/// <summary>One run of a client verb: what was asked, the client, and where to write. All text is made harmless to terminals on its way out.</summary>
internal sealed class ClientCall(ParseResult parsed, ApiClient api, bool isJson)
{
    // A terminal may show what is printed: what it could obey is escaped, as JSON allows in any string.
    private static readonly JsonSerializerOptions Printed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gets the client.</summary>
    public ApiClient Api { get; } = api;

    /// <summary>Gets whether one JSON document is to be printed, and nothing else.</summary>
    public bool IsJson { get; } = isJson;

    /// <summary>Gets where results go.</summary>
    public TextWriter Output => parsed.InvocationConfiguration.Output;

    /// <summary>Gets an option's value.</summary>
    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Gets an argument's value.</summary>
    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>Prints a line of the result.</summary>
    public void Say(string line) => Output.WriteLine(PlainText.Of(line));

    /// <summary>Prints a line of what is not the result: progress and errors.</summary>
    public void Note(string line) => parsed.InvocationConfiguration.Error.WriteLine(PlainText.Of(line));

    /// <summary>Prints the result as one JSON document.</summary>
    public void SayJson(string json) => Output.WriteLine(PlainText.Of(JsonNode.Parse(json)?.ToJsonString(Printed) ?? "null"));

    /// <summary>Prints the result as JSON or as lines, as was asked.</summary>
    public void Answer<T>(ApiReply<T> reply, Func<T, IEnumerable<string>> linesOf)
    {
        if (IsJson) SayJson(reply.Json);
        else foreach (var line in linesOf(reply.Value)) Say(line);
    }
}
