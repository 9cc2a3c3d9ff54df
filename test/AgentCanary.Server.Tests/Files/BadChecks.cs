namespace AgentCanary.Server.Tests.Files;

/// <summary>Files with faults in their checks.</summary>
internal sealed class BadChecks : TheoryData<string, string, string>
{
    public BadChecks()
    {
        Add("A check that is no list", RolloutText.Stage("weight: 5%, checks: error_rate < 0.1"),
            "5:27: stages[0].checks: 'error_rate < 0.1' stands here: write a list of rules such as [ \"error_rate_increase < " +
            "0.10\" ]");
        Add("A check without operator", RolloutText.Stage("weight: 5%, checks: [ error_rate ]"),
            "5:29: stages[0].checks[0]: 'error_rate' has no operator: write METRIC OPERATOR NUMBER, such as 'error_rate_increase " +
            "< 0.10'");
        Add("A check with an unknown operator", RolloutText.Stage("weight: 5%, checks: [ \"error_rate != 0\" ]"),
            "5:29: stages[0].checks[0]: 'error_rate != 0' has an unknown operator: use <, <=, >, >= or ==");
        Add("A check without number", RolloutText.Stage("weight: 5%, checks: [ \"error_rate < \" ]"),
            "5:29: stages[0].checks[0]: '' is not a number: write a plain decimal such as 0.05, with %, ms, s or m where it fits");
        Add("A check against not a number", RolloutText.Stage("weight: 5%, checks: [ \"error_rate < NaN\" ]"),
            "5:29: stages[0].checks[0]: 'NaN' is not a number: write a plain decimal such as 0.05, with %, ms, s or m where it " +
            "fits");
        Add("A latency without unit", RolloutText.Stage("weight: 5%, checks: [ \"p95_latency < 400\" ]"),
            "5:29: stages[0].checks[0]: '400' needs a unit of time: write 400ms, 400s or 400m");
        Add("A rate with a unit of time", RolloutText.Stage("weight: 5%, checks: [ \"error_rate < 5ms\" ]"),
            "5:29: stages[0].checks[0]: '5ms' has a unit of time, and error_rate here is a plain figure: write 5");
        Add("A count that is compared", RolloutText.Stage("weight: 5%, checks: [ \"requests_increase < 5\" ]"),
            "5:29: stages[0].checks[0]: 'requests_increase' cannot be compared with control: write 'requests < 5'");
        Add("A check of another kind of value", RolloutText.Stage("weight: 5%, checks: [ [ a ] ]"),
            "5:29: stages[0].checks[0]: a list stands here: write a rule such as error_rate_increase < 0.10");
        Add("A check without rule", RolloutText.Stage("weight: 5%, checks: [ { on_fail: hold } ]"),
            "5:29: stages[0].checks[0]: check is missing: write check: \"error_rate_increase < 0.10\"");
        Add("An unknown consequence", RolloutText.Stage("weight: 5%, checks: [ { check: \"error_rate < 1%\", on_fail: page } ]"),
            "5:66: stages[0].checks[0].on_fail: 'page' is not one of rollback, hold, warn");
        Add("An unknown answer to no data",
            RolloutText.Stage("weight: 5%, checks: [ { check: \"error_rate < 1%\", no_data: ignore } ]"),
            "5:66: stages[0].checks[0].no_data: 'ignore' is not one of hold, pass, fail");
        Add("A misspelt key of a check", RolloutText.Stage("weight: 5%, checks: [ { check: \"error_rate < 1%\", onfail: hold } ]"),
            "5:57: stages[0].checks[0].onfail: unknown key: did you mean 'on_fail'?");
        Add("A highest rate of one", RolloutText.Stage("weight: 5%, checks: [ { check: \"safety_violations == 0\", p_max: 1 } ]"),
            "5:71: stages[0].checks[0].p_max: '1' is not a number of at least 0.000001 and below 1");
        Add("A highest rate beside another metric",
            RolloutText.Stage("weight: 5%, checks: [ { check: \"error_rate < 1%\", p_max: 0.1 } ]"),
            "5:64: stages[0].checks[0].p_max: p_max is the rate of safety violations to exclude: write it beside " +
            "safety_violations == 0 only");
        Add("A check on shadows where there are none", RolloutText.Stage("weight: 5%, checks: [ \"shadow_agreement > 0.9\" ]"),
            "5:27: stages[0].checks: shadow_agreement is asked for, and nothing is shown to a shadow: write shadow: 20% in this stage, or take the check out");
        Add("A check on shadows against a control", RolloutText.Stage("weight: 0, shadow: 20%, checks: [ \"shadow_agreement_delta > -0.1\" ]"),
            "5:39: stages[0].checks: 'shadow_agreement_delta > -0.1' has no control and is bounded from below: write shadow_agreement > 0.9");
    }
}
