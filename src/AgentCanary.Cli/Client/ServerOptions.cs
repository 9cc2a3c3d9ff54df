using System.CommandLine;

namespace AgentCanary.Cli.Client;

/// <summary>The options that every client verb has: which server, with which key.</summary>
internal sealed class ServerOptions
{
    private const string KeyPrefix = "env:";

    private readonly Option<string> _server = new("--server")
    {
        Description = "The server's admin address.", HelpName = "URL", DefaultValueFactory = _ => Server.Api.AdminAddress.Default,
    };

    private readonly Option<string?> _apiKey = new("--api-key")
    {
        Description = "The environment variable that holds the API key, such as env:AGENTCANARY_KEY. Keys themselves do not belong on a command line.", HelpName = "env:NAME",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _server.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (ReadServer(text) is null) result.AddError($"--server is '{text}': write an http or https URL such as {Server.Api.AdminAddress.Default}.");
        });
        _apiKey.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (text is not null && ReadKey(text) is null) result.AddError("--api-key must be env:NAME, and the environment variable NAME must hold the key.");
        });
        command.Add(_server);
        command.Add(_apiKey);
    }

    /// <summary>Makes the client that the command line asks for.</summary>
    public ApiClient ClientOf(ParseResult parsed) => new(ReadServer(parsed.GetRequiredValue(_server))!, parsed.GetValue(_apiKey) is { } key ? ReadKey(key) : null);

    private static Uri? ReadServer(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 ? url : null;

    private static string? ReadKey(string text) =>
        text.StartsWith(KeyPrefix, StringComparison.Ordinal) && Environment.GetEnvironmentVariable(text[KeyPrefix.Length..]) is { Length: > 0 } key ? key : null;
}
