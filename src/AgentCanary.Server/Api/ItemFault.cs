namespace AgentCanary.Server.Api;

/// <summary>One thing that is wrong in a batch, as JSON.</summary>
/// <param name="Index">The item's place in the batch, from 0.</param>
/// <param name="Path">The place in the document, such as <c>[3].value</c>.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record ItemFault(int Index, string Path, string Message);
