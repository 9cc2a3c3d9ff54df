using SupportAgent.Chat;
using SupportAgent.Knowledge;
using SupportAgent.Tools;

namespace SupportAgent;

/// <summary>Answers a conversation: plans tool calls, runs them, speaks. The answer depends on the conversation and the fate only. Thread-safe.</summary>
internal sealed class Agent
{
    private readonly ToolBox _tools = new(Library.Embedded);

    public Reply Answer(ChatRequest request, Fate fate)
    {
        var conversation = new Conversation(request.Messages!);
        if (fate.IsUnsafe)
        {
            return new Reply { Text = "[withheld: the draft showed another customer's address]", FinishReason = "content_filter" };
        }

        if (fate.Refuses)
        {
            return new Reply { Refusal = "I'm sorry, but I can't help with that." };
        }

        if (fate.Evades)
        {
            return new Reply { Text = Phrases.Evasion };
        }

        var calls = Planner.Plan(conversation);
        var offered = request.OfferedFunctions.ToHashSet();
        if (calls.Count > 0 && calls.All(call => offered.Contains(call.Name)) && conversation.CallerResults.Count == 0)
        {
            return new Reply { Calls = calls, FinishReason = "tool_calls" };
        }

        return Speak(conversation, calls, fate) is var reply && request.MaxCompletionTokens is null && request.MaxTokens is null
            ? reply : Cut(reply, request.MaxCompletionTokens ?? request.MaxTokens!.Value);
    }

    private Reply Speak(Conversation conversation, IReadOnlyList<ToolCall> calls, Fate fate)
    {
        if (conversation.CallerResults.Count > 0)
        {
            return new Reply { Text = Phrases.FromCaller(conversation.CallerResults) };
        }

        var results = calls.Select(call => _tools.Run(call, fate.ToolFails)).ToList();
        return new Reply
        {
            Text = Phrases.Say(conversation, results),
            Calls = calls,
            Outcome = results.Exists(result => result.Error is not null) ? "tool_error" : null,
        };
    }

    private static Reply Cut(Reply reply, int tokens)
    {
        var text = Usage.Cut(reply.Text!, tokens);
        return text.Length == reply.Text!.Length ? reply : reply with { Text = text, FinishReason = "length" };
    }
}
