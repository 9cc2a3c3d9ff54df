using System.Net;

namespace AgentCanary.Testing;

/// <summary>An answer, read to its end.</summary>
public sealed record TestAnswer(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public string ContentType => Header("Content-Type");

    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}
