using SupportAgent.Knowledge;

namespace SupportAgent.Tools;

/// <summary>The agent's tools by name. Thread-safe.</summary>
internal sealed class ToolBox(Library library)
{
    private readonly Dictionary<string, ITool> _tools =
        new ITool[] { new OrderLookup(library), new RefundQuote(library), new PolicySearch(library) }.ToDictionary(t => t.Name);

    /// <summary>Runs a call. A failing tool is a result with its error, never an exception.</summary>
    public ToolResult Run(ToolCall call, bool isDown)
    {
        if (isDown || !_tools.TryGetValue(call.Name, out var tool))
        {
            return new ToolResult(call, null, $"{call.Name} is not available");
        }

        try
        {
            return new ToolResult(call, tool.Run(call.Arguments), null);
        }
        catch (ToolException error)
        {
            return new ToolResult(call, null, error.Message);
        }
    }
}
