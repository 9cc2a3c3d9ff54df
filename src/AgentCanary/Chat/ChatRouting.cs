using AgentCanary.Routing;
using Microsoft.Extensions.AI;

namespace AgentCanary.Chat;

/// <summary>Routes the chat calls of a deployment, and begins them. Thread-safe. Nothing of it is thrown into a call.</summary>
internal sealed class ChatRouting(CanaryDeployment deployment, IChatClient stable, IChatClient canary)
{
    private readonly ChatPins _pins = new(deployment.Runtime, deployment.TimeProvider);
    private long _unkeyed;
    private int _hasToldOfFault;

    public long Unkeyed => Volatile.Read(ref _unkeyed);

    public PriceTable Prices => deployment.Prices;

    public TimeProvider Time => deployment.TimeProvider;

    /// <summary>Routes a call and counts its start. What cannot be read is left out: the call goes where the rest of it leads.</summary>
    public ChatCall Begin(in ChatCaller caller, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ResumeToken? resume = null;
        ChatPin? pin = null;
        try
        {
            (options, resume) = Cleaned(options);
            pin = OwnerOf(resume) ?? _pins.Find(messages, options);
        }
        catch (Exception fault)
        {
            Tell(fault);
        }
        var (assignment, began) = Assign(caller, pin);
        return new(this, assignment, began) { Client = assignment.Variant is Variant.Canary ? canary : stable, Options = options };
    }

    public void Learn(string? conversation, string? response, IList<AIContent> contents, in Assignment served, byte began) =>
        _pins.Learn(conversation, response, contents, served, began);

    public void Record(in Assignment assignment, in Outcome outcome) => deployment.Record(assignment, outcome);

    /// <summary>Tells the first fault of ours, on another thread, for a logger may be slow or throw.</summary>
    public void Tell(Exception fault)
    {
        if (Interlocked.Exchange(ref _hasToldOfFault, 1) == 0) _ = Task.Run(() => deployment.Logger.CallUnreadable(fault, deployment.Runtime.Agent));
    }

    private (Assignment Assignment, byte Began) Assign(in ChatCaller caller, ChatPin? pin)
    {
        var began = Pin.BeganIn(deployment.Runtime.Plan);
        var request = new RouteRequest(caller.Key)
        {
            Pinned = pin?.Owner,
            IsCompared = pin?.Began == began,
            Draw = caller.Key is null ? unchecked((uint)Random.Shared.NextInt64()) : 0,
        };
        var assignment = deployment.Runtime.Assign(request, caller);
        if (assignment.Reason is AssignmentReason.Unkeyed) CountUnkeyed();
        return (assignment, assignment.Reason is AssignmentReason.Pinned ? pin?.Began ?? 0 : assignment.Arm is Arm.Outside ? (byte)0 : began);
    }

    private void CountUnkeyed()
    {
        if (Interlocked.Increment(ref _unkeyed) == 1) _ = Task.Run(() => deployment.Logger.CallWithoutKey(deployment.Runtime.Agent));
    }

    private ChatPin? OwnerOf(ResumeToken? resume)
    {
        var (spec, version) = (deployment.Runtime.Spec, resume?.Version);
        return version is null ? null
            : version == spec.Canary.Version ? new(Variant.Canary, resume!.Began)
            : version == spec.Stable.Version ? new(Variant.Stable, resume!.Began)
            : null;
    }

    private static (ChatOptions? Options, ResumeToken? Resume) Cleaned(ChatOptions? options)
    {
        var cleaned = ChatProperties.Cleaned(options);
        if (ResumeToken.Find(options?.ContinuationToken) is not { } resume) return (cleaned, null);
        if (cleaned == options) cleaned = options!.Clone();
        cleaned!.ContinuationToken = resume.Inner;
        return (cleaned, resume);
    }
}
