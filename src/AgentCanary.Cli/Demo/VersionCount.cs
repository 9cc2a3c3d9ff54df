namespace AgentCanary.Cli.Demo;

/// <summary>What the users saw of one version.</summary>
/// <param name="Requests">Answered or failed requests.</param>
/// <param name="Failed">Those without a whole answer.</param>
/// <param name="Withheld">Those whose answer a safety rule withheld.</param>
internal readonly record struct VersionCount(long Requests, long Failed, long Withheld)
{
    public VersionCount Plus(UserAnswer answer) => new(Requests + 1, Failed + (answer.Failed ? 1 : 0), Withheld + (answer.IsWithheld ? 1 : 0));
}
