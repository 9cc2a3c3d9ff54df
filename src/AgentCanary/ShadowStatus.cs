using AgentCanary.Shadow;

namespace AgentCanary;

/// <summary>How a shadow stands. Immutable and thread-safe.</summary>
/// <param name="Counts">What became of its calls since the process started.</param>
/// <param name="Use">What it took in the present hour.</param>
/// <param name="Stop">Why it is sent nothing now and for how long still; null where the next call may be sent.</param>
public sealed record ShadowStatus(ShadowCounts Counts, ShadowUse Use, (ShadowStop Reason, TimeSpan For)? Stop);
