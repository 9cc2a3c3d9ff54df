using System.Text.Json.Serialization;

namespace SupportAgent.Knowledge;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Order[]))]
[JsonSerializable(typeof(Policy[]))]
internal sealed partial class KnowledgeJson : JsonSerializerContext;
