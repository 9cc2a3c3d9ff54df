namespace AgentCanary.Server.Tests.Files;

/// <summary>Files with faults in their versions.</summary>
internal sealed class BadVersions : TheoryData<string, string, string>
{
    public BadVersions()
    {
        Add("The same version twice", RolloutText.Canary("version: v1, url: \"http://h\""),
            "3:20: canary.version: 'v1' is the stable version too: a rollout needs two versions with different names");
        Add("A version that is no mapping",
            "agent: a\nstable: v1\ncanary: { version: v2, url: \"http://h\" }\nstages: [ { weight: 100% } ]\n",
            "2:9: stable: 'v1' stands here: write a mapping such as { version: v1.0.0, url: http://127.0.0.1:9101 }");
        Add("A version with a slash", RolloutText.Canary("version: a/b, url: \"http://h\""),
            "3:20: canary.version: 'a/b' is not a version: write 1 to 64 of a-z, A-Z, 0-9, '.', '_' and '-'");
        Add("No URL", RolloutText.Canary("version: v2"),
            "3:9: canary: url is missing: write url: http://127.0.0.1:9101");
        Add("A relative URL", RolloutText.Canary("version: v2, url: agents/v2"),
            "3:29: canary.url: 'agents/v2' is not an absolute URL: write http://HOST:PORT or https://HOST");
        Add("Another scheme", RolloutText.Canary("version: v2, url: \"ftp://h\""),
            "3:29: canary.url: 'ftp://h' is neither http nor https: write http://HOST:PORT or https://HOST");
        Add("A file as URL", RolloutText.Canary("version: v2, url: \"file:///etc/passwd\""),
            "3:29: canary.url: 'file:///etc/passwd' is not an absolute URL: write http://HOST:PORT or https://HOST");
        Add("A URL with a password", RolloutText.Canary("version: v2, url: \"http://me:secret@h\""),
            "3:29: canary.url: the URL holds a user name or password: take it out, and send credentials as a header with env:NAME");
        Add("A URL with a password and a blank", RolloutText.Canary("version: v2, url: \"http://me:secret@h /\""),
            "3:29: canary.url: the URL is not an absolute URL: write http://HOST:PORT or https://HOST");
        Add("A URL with a query", RolloutText.Canary("version: v2, url: \"http://h/?a=1\""),
            "3:29: canary.url: 'http://h/?a=1' has a query: a base address ends with its path");
        Add("A URL with a fragment", RolloutText.Canary("version: v2, url: \"http://h/#a\""),
            "3:29: canary.url: 'http://h/#a' has a fragment: take out the '#' and what follows");
        Add("A URL with a blank", RolloutText.Canary("version: v2, url: \"http://h/a b\""),
            "3:29: canary.url: 'http://h/a b' is not an absolute URL: write http://HOST:PORT or https://HOST");
        Add("An illegal header name", RolloutText.Canary("version: v2, url: \"http://h\", headers: { \"x y\": a }"),
            "3:52: canary.headers.x y: 'x y' is not a header name: write letters, digits and '-'");
        Add("A hop-by-hop header", RolloutText.Canary("version: v2, url: \"http://h\", headers: { Transfer-Encoding: chunked }"),
            "3:52: canary.headers.Transfer-Encoding: 'Transfer-Encoding' belongs to a single connection or message and cannot be " +
            "set: take it out");
        Add("The host header", RolloutText.Canary("version: v2, url: \"http://h\", headers: { host: a }"),
            "3:52: canary.headers.host: 'host' belongs to a single connection or message and cannot be set: take it out");
        Add("A header twice in another case", RolloutText.Canary("version: v2, url: \"http://h\", headers: { x-a: a, X-A: b }"),
            "3:60: canary.headers.X-A: 'X-A' is set twice: header names differ by more than case");
        Add("A header value with a line end", RolloutText.Canary("version: v2, url: \"http://h\", headers: { x-a: \"a\\nb\" }"),
            "3:57: canary.headers.x-a: the value has letters that a header cannot carry: write visible ASCII without blanks at " +
            "its ends");
        Add("A header value that is a list", RolloutText.Canary("version: v2, url: \"http://h\", headers: { x-a: [ a ] }"),
            "3:57: canary.headers.x-a: a list stands here: write the header's value");
        Add("A literal authorization",
            RolloutText.Canary("version: v2, url: \"http://h\", headers: { Authorization: \"Bearer abc\" }"),
            "3:67: canary.headers.Authorization: a secret stands here in the clear: write env:NAME or file:/path, and change the " +
            "secret");
        Add("A literal key under another name", RolloutText.Canary("version: v2, url: \"http://h\", headers: { x-my-token: abc }"),
            "3:64: canary.headers.x-my-token: a secret stands here in the clear: write env:NAME or file:/path, and change the " +
            "secret");
        Add("A bad reference to a secret", RolloutText.Canary("version: v2, url: \"http://h\", headers: { x-a: \"env:A-B\" }"),
            "3:57: canary.headers.x-a: the reference to a secret is broken: write env:NAME, or file: and an absolute path");
        Add("A relative file as secret",
            RolloutText.Canary("version: v2, url: \"http://h\", headers: { authorization: \"file:key.txt\" }"),
            "3:67: canary.headers.authorization: the reference to a secret is broken: write env:NAME, or file: and an absolute " +
            "path");
        Add("A secret in the body", RolloutText.Canary("version: v2, url: \"http://h\", set: { api_key: abc }"),
            "3:48: canary.set.api_key: 'api_key' is a secret and does not belong into a body: send it as a header with env:NAME");
        Add("Infinity in the body", RolloutText.Canary("version: v2, url: \"http://h\", set: { temperature: .inf }"),
            "3:61: canary.set.temperature: '.inf' is not a finite JSON number: write a plain decimal, or put it in quotes as text");
        Add("A number too large in the body", RolloutText.Canary("version: v2, url: \"http://h\", set: { options: { a: [ 1e999 ] } }"),
            "3:64: canary.set.options.a[0]: '1e999' is not a finite JSON number: write a plain decimal, or put it in quotes as " +
            "text");
        Add("An octal number in the body", RolloutText.Canary("version: v2, url: \"http://h\", set: { zip: 0123 }"),
            "3:53: canary.set.zip: '0123' is not a finite JSON number: write a plain decimal, or put it in quotes as text");
    }
}
