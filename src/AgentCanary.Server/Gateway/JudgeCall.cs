using AgentCanary.Shadow;
using AgentCanary.Spec;

namespace AgentCanary.Server.Gateway;

/// <summary>A pair of answers on its way to the judge. Immutable.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Judge">Who is asked.</param>
/// <param name="Question">What is asked first: stable's answer stands first.</param>
/// <param name="Tell">Is told the verdict once, or null where there is none, and whether the judge was asked and would not give one.</param>
internal sealed record JudgeCall(string Agent, JudgeSpec Judge, JudgeQuestion Question, Action<JudgeVerdict?, bool> Tell);
