using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCanary.Server.Api;

/// <summary>Reads and writes the API's JSON: snake case, strict when reading, without reflection. Thread-safe.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RolloutView))]
[JsonSerializable(typeof(ImmutableArray<RolloutView>))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(ImmutableArray<EventView>))]
[JsonSerializable(typeof(ImmutableArray<AttemptView>))]
[JsonSerializable(typeof(DecideBody))]
[JsonSerializable(typeof(DecideView))]
[JsonSerializable(typeof(DecisionView))]
[JsonSerializable(typeof(ReportsView))]
[JsonSerializable(typeof(ImmutableArray<PairView>))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ActBody))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Gets the one instance to use. It writes <c>&lt;</c> and other signs of checks as they are; control characters are escaped all the same.</summary>
    public static ApiJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        MaxDepth = 32,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
