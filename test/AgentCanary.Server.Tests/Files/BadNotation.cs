namespace AgentCanary.Server.Tests.Files;

/// <summary>Files whose notation is refused, with every fault of each.</summary>
internal sealed class BadNotation : TheoryData<string, string, string>
{
    public BadNotation()
    {
        Add("Nothing", "",
            "1:1: the file has no rollout: write agent, stable, canary and stages");
        Add("A comment alone", "# later\n",
            "1:1: the file has no rollout: write agent, stable, canary and stages");
        Add("A word", "hello",
            "1:1: 'hello' stands here: write a mapping with agent, stable, canary and stages");
        Add("A list", "- agent: a",
            "1:1: a list stands here: write a mapping with agent, stable, canary and stages");
        Add("An unclosed bracket", RolloutText.Top("exclude: [ a"),
            "6:1: this is not YAML: While parsing a flow sequence, did not find expected ',' or ']'.");
        Add("An unclosed quote", RolloutText.Top("host: \"a"),
            "5:7: this is not YAML: While scanning a quoted scalar, found unexpected end of stream.");
        Add("A tab as indentation", RolloutText.Top("health:\n\tpath: /x"),
            "6:1: a tab indents this line: write blanks");
        Add("An anchor", RolloutText.Top("host: &h a.example"),
            "5:7: host: an anchor stands here: take it out, and write each value where it belongs");
        Add("An alias", RolloutText.Top("host: *h"),
            "5:7: host: an alias stands here: write the value itself");
        Add("A tag", RolloutText.Top("host: !!str a.example"),
            "5:7: host: a tag stands here: take it out");
        Add("A merge key", RolloutText.Top("<<: { host: a.example }"),
            "5:1: <<: unknown key: known here are agent, analysis, canary, canary_stages, cohorts, exclude, health, hooks, host, " +
            "notify, pins, prices, protocol, rescue, shadow, stable, stages, sticky");
        Add("A key twice", RolloutText.Top("rescue: off\nrescue: connect"),
            "6:1: rescue: the key stands in the mapping already: take one out");
        Add("A key twice in JSON",
            "{\"agent\":\"a\",\"agent\":\"b\",\"stable\":{\"version\":\"v1\",\"url\":\"http://h\"}," +
            "\"canary\":{\"version\":\"v2\",\"url\":\"http://h\"},\"stages\":[{\"weight\":1}]}",
            "1:14: agent: the key stands in the mapping already: take one out");
        Add("A list as a key", RolloutText.Top("? [ a ]\n: b"),
            "5:3: a list or mapping stands where a key belongs: write a word");
        Add("A YAML directive", "%YAML 1.2\n---\n" + RolloutText.Minimal,
            "1:1: a directive stands here: take the line out");
        Add("A tag directive", "%TAG !e! tag:example.com,2000:\n---\n" + RolloutText.Minimal,
            "1:1: a directive stands here: take the line out");
        Add("An unknown directive of a second document",
            RolloutText.Minimal + "...\n%HELLO world\n---\nagent: b\n" + RolloutText.AfterAgent,
            "6:1: a directive stands here: take the line out");
        Add("A NUL", RolloutText.Top("host: a\0b"),
            "5:8: the character U+0000 may not stand in a file: take it out, or write it as an escape in double quotes");
        Add("An escape character", RolloutText.Top("host: a\u001bb"),
            "5:8: the character U+001B may not stand in a file: take it out, or write it as an escape in double quotes");
        Add("An escaped control character", RolloutText.Top("host: \"a\\x1bb\""),
            "5:7: host: the character U+001B may not stand in a value: take it out");
        Add("A hidden line end", RolloutText.Top("host: a\u2028b"),
            "5:8: the character U+2028 may not stand in a file: take it out, or write it as an escape in double quotes");
        Add("A byte order mark in the middle", RolloutText.Top("host: a\ufeffb"),
            "5:8: the character U+FEFF may not stand in a file: take it out, or write it as an escape in double quotes");
        Add("The same agent in two documents", RolloutText.Minimal + "---\n" + RolloutText.Minimal,
            "6:8: agent: agent 'a' has a rollout already, in a.yaml at line 1: an agent has one rollout at a time");
        Add("The same host for two agents",
            "host: h.example\n" + RolloutText.Minimal + "---\nhost: H.example\nagent: b\n" + RolloutText.AfterAgent,
            "7:7: host: host 'h.example' selects another agent already, in a.yaml at line 1: give each its own host, or none");
    }
}
