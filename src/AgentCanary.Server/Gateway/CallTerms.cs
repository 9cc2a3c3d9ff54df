using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Gateway;

/// <summary>What a call needs of its surroundings.</summary>
/// <param name="Counters">The gateway's counters.</param>
/// <param name="Totals">The counters of the assigned version.</param>
/// <param name="Pins">Makes version pins.</param>
/// <param name="Time">The clock.</param>
/// <param name="Log">The log.</param>
/// <param name="Tap">Who else sees outcomes, or null.</param>
/// <param name="Names">What is kept of the ids that agents give.</param>
/// <param name="Rescue">Decides whether another version answers.</param>
/// <param name="Caller">Cancelled when the caller has left.</param>
internal sealed record CallTerms(GatewayCounters Counters, VersionTotals Totals, VersionPins Pins, TimeProvider Time, ILogger Log, IOutcomeTap? Tap, AnswerNames Names, CallRescue Rescue, CancellationToken Caller);
