using System.Text.RegularExpressions;

namespace AgentCanary.EndToEnd.Tests.Architecture;

/// <summary>Words that say nothing of what a type is, and the exceptions that a framework or the rollout file asks for.</summary>
internal static partial class EmptyWords
{
    private static readonly HashSet<string> Words =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Processor", "Handler", "Data", "Info", "Base", "Common", "Service"];

    public static bool IsIn(Type type) => Word().Matches(type.Name).Any(word => Words.Contains(word.Value) && !IsAsked(type, word.Value));

    private static bool IsAsked(Type type, string word) => word switch
    {
        "Handler" => Ancestors(type).Any(ancestor => ancestor.Name is "HttpMessageHandler" or "AuthenticationHandler`1"),
        "Data" => type.FullName is "AgentCanary.NoData", // the file's own key, no_data
        "Service" => type.GetInterfaces().Any(port => port.Name is "IHostedService"),
        _ => false,
    };

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType) yield return ancestor;
    }

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Word();
}
