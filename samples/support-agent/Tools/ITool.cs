using System.Text.Json.Nodes;

namespace SupportAgent.Tools;

/// <summary>Something the agent can do besides talking. Pure and thread-safe.</summary>
internal interface ITool
{
    /// <summary>Gets the function name in tool calls.</summary>
    string Name { get; }

    /// <summary>Does it.</summary>
    /// <exception cref="ToolException">The arguments cannot be used.</exception>
    JsonObject Run(JsonObject arguments);
}
