using System.Text.Json;

namespace ChatClients.AgentFramework;

/// <summary>The shape of the Agent Framework's type of this name: what is kept with a session, also when it is serialised.</summary>
public sealed class AgentSessionStateBag
{
    private readonly Dictionary<string, JsonElement> _values;

    public AgentSessionStateBag()
        : this([])
    {
    }

    private AgentSessionStateBag(Dictionary<string, JsonElement> values) => _values = values;

    public static AgentSessionStateBag Deserialize(JsonElement element) => new(element.Deserialize<Dictionary<string, JsonElement>>() ?? []);

    public T? GetValue<T>(string key) => _values.TryGetValue(key, out var value) ? value.Deserialize<T>() : default;

    public void SetValue<T>(string key, T value) => _values[key] = JsonSerializer.SerializeToElement(value);

    public JsonElement Serialize() => JsonSerializer.SerializeToElement(_values);
}
