namespace AgentCanary.Spec;

/// <summary>How the two versions are compared.</summary>
public enum AnalysisMode
{
    /// <summary>Plain figures are compared. Simple, and no proof of anything.</summary>
    Point,

    /// <summary>Sequential tests whose error rates hold however often anybody looks.</summary>
    Sequential,
}
