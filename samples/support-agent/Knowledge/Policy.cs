namespace SupportAgent.Knowledge;

/// <summary>A paragraph of the shop's terms.</summary>
internal sealed record Policy(string Id, string Title, string Text);
