namespace AgentCanary.Server.Tests.Files;

/// <summary>Files with faults in their stages.</summary>
internal sealed class BadStages : TheoryData<string, string, string>
{
    public BadStages()
    {
        Add("No stages", RolloutText.Stages("sticky: random"),
            "1:1: stages is missing: write a list of stages that ends with weight: 100%");
        Add("An empty list", RolloutText.Stages("stages: []"),
            "4:9: stages: the list is empty: write at least one stage with weight: 100%");
        Add("Stages that are a mapping", RolloutText.Stages("stages: { weight: 100% }"),
            "4:9: stages: a mapping stands here: write a list of stages that ends with weight: 100%");
        Add("Both lists", RolloutText.Top("canary_stages: [ { weight: 1 } ]"),
            "5:16: canary_stages: stages stands in the file too: keep one of stages and canary_stages");
        Add("A stage that is a word", RolloutText.Stages("stages: [ all ]"),
            "4:11: stages[0]: 'all' stands here: write a mapping such as { name: initial, weight: 5%, bake: 30m }");
        Add("A stage without weight", RolloutText.Stages("stages: [ { name: a } ]"),
            "4:11: stages[0]: weight is missing: write weight: 5%");
        Add("A bare number of per cent", RolloutText.Stage("weight: 5"),
            "5:15: stages[0].weight: '5' is not a fraction of 0 to 1: write 5% for per cent");
        Add("A bare hundred", RolloutText.Stage("weight: 100"),
            "5:15: stages[0].weight: '100' is not a fraction of 0 to 1: write 100% for per cent");
        Add("More than everybody", RolloutText.Stage("weight: 101%"),
            "5:15: stages[0].weight: '101%' is outside 0 to 100 %: write 5%, 0.05 or 500bp");
        Add("Less than nobody", RolloutText.Stage("weight: -1%"),
            "5:15: stages[0].weight: '-1%' is outside 0 to 100 %: write 5%, 0.05 or 500bp");
        Add("A weight in words", RolloutText.Stage("weight: half"),
            "5:15: stages[0].weight: 'half' is not a share: write 5%, 0.05 or 500bp");
        Add("A weight that is not a number", RolloutText.Stage("weight: .nan"),
            "5:15: stages[0].weight: '.nan' is not a share: write 5%, 0.05 or 500bp");
        Add("A weight without end", RolloutText.Stage("weight: 1e999"),
            "5:15: stages[0].weight: '1e999' is not a share: write 5%, 0.05 or 500bp");
        Add("A weight finer than a basis point", RolloutText.Stage("weight: 0.001%"),
            "5:15: stages[0].weight: '0.001%' is finer than a basis point: write steps of 0.01%");
        Add("An empty weight", RolloutText.Stage("weight: "),
            "5:16: stages[0].weight: nothing stands here: write a share such as 5%");
        Add("A last stage below all", RolloutText.Stages("stages: [ { weight: 50% } ]"),
            "4:21: stages[0].weight: the last stage has 50 %: a rollout ends with a stage of 100%");
        Add("A falling weight", RolloutText.Stages("stages: [ { weight: 50% }, { name: back, weight: 20% }, { weight: 100% } ]"),
            "4:50: stages[1].weight: the weight falls from 50 % in stage 'stage-0' to 20 %: weights may not fall for the same " +
            "cohorts");
        Add("A weight that falls after another cohort's stage",
            RolloutText.Stages("cohorts: { qa: { header:g: { exact: qa } } }\nstages: [ { weight: 50% }, { weight: 100%, cohorts: " +
                "[ qa ] }, { weight: 20% }, { weight: 100% } ]"),
            "5:73: stages[2].weight: the weight falls from 50 % in stage 'stage-0' to 20 %: weights may not fall for the same " +
            "cohorts");
        Add("Two stages of one name", RolloutText.Stages("stages: [ { name: a, weight: 50% }, { name: a, weight: 100% } ]"),
            "4:45: stages[1].name: two stages are named 'a': give each its own name");
        Add("A stage's name with a blank", RolloutText.Stage("name: the first, weight: 5%"),
            "5:13: stages[0].name: 'the first' is not a stage's name: write 1 to 64 of a-z, 0-9, '.', '_' and '-'");
        Add("A bake without unit", RolloutText.Stage("weight: 5%, bake: 10"),
            "5:25: stages[0].bake: '10' has no unit: write 10s or 10m");
        Add("A bake in an unknown unit", RolloutText.Stage("weight: 5%, bake: 10w"),
            "5:25: stages[0].bake: '10w' is not a duration: write 500ms, 30s, 10m, 1h or 2d");
        Add("A bake in words", RolloutText.Stage("weight: 5%, bake: soon"),
            "5:25: stages[0].bake: 'soon' is not a duration: write 500ms, 30s, 10m, 1h or 2d");
        Add("A negative bake", RolloutText.Stage("weight: 5%, bake: -1m"),
            "5:25: stages[0].bake: '-1m' is outside 0s to 365d");
        Add("A bake beyond a year", RolloutText.Stage("weight: 5%, bake: 400d"),
            "5:25: stages[0].bake: '400d' is outside 0s to 365d");
        Add("A bake without end", RolloutText.Stage("weight: 5%, bake: 99999999999999999999999999999999999d"),
            "5:25: stages[0].bake: '99999999999999999999999999999999999d' is not a duration: write 500ms, 30s, 10m, 1h or 2d");
        Add("A broken number of requests", RolloutText.Stage("weight: 5%, min_requests: 1.5"),
            "5:33: stages[0].min_requests: '1.5' is not a whole number of 0 to 1000000000");
        Add("A negative number of users", RolloutText.Stage("weight: 5%, min_users: -1"),
            "5:30: stages[0].min_users: '-1' is not a whole number of 0 to 1000000000");
        Add("A deadline before the bake", RolloutText.Stage("weight: 5%, bake: 1h, deadline: 90s"),
            "5:39: stages[0].deadline: the deadline of 90s comes before the stage has baked for 1h: write a longer one");
        Add("An unknown end of the deadline", RolloutText.Stage("weight: 5%, on_deadline: stop"),
            "5:32: stages[0].on_deadline: 'stop' is not one of pause, rollback, promote");
        Add("An approval by name", RolloutText.Stage("weight: 5%, approval: alice"),
            "5:29: stages[0].approval: 'alice' is neither true nor false");
        Add("A truth value of old YAML", RolloutText.Stage("weight: 5%, auto_rollback: no"),
            "5:34: stages[0].auto_rollback: 'no' is neither true nor false");
        Add("An unknown cohort", RolloutText.Stage("weight: 5%, cohorts: [ staff ]"),
            "5:30: stages[0].cohorts[0]: 'staff' is not a cohort: define it under cohorts");
        Add("No cohort", RolloutText.Stage("weight: 5%, cohorts: []"),
            "5:28: stages[0].cohorts: the list is empty: name a cohort, or leave the key out");
        Add("A misspelt key", RolloutText.Stage("weight: 5%, min_request: 5"),
            "5:19: stages[0].min_request: unknown key: did you mean 'min_requests'?");
        Add("Minutes among durations", RolloutText.Stage("weight: 5%, duration_minutes: 30"),
            "5:19: stages[0].duration_minutes: unknown key: that is a key of canary_stages: write bake: 30m");
        Add("A duration among minutes", RolloutText.Stages("canary_stages: [ { weight: 1.0, bake: 30m } ]"),
            "4:33: canary_stages[0].bake: unknown key: that is a key of stages: write duration_minutes: 30");
        Add("Minutes with a unit", RolloutText.Stages("canary_stages: [ { weight: 1.0, duration_minutes: 30m } ]"),
            "4:51: canary_stages[0].duration_minutes: '30m' is not a number of minutes from 0 to 525600");
        Add("Minutes without end", RolloutText.Stages("canary_stages: [ { weight: 1.0, duration_minutes: .inf } ]"),
            "4:51: canary_stages[0].duration_minutes: '.inf' is not a number of minutes from 0 to 525600");
        Add("A shadow of more than all", RolloutText.Stage("weight: 0, shadow: 120%"),
            "5:26: stages[0].shadow: '120%' is outside 0 to 100 %: write 5%, 0.05 or 500bp");
        Add("A grace without a unit", RolloutText.Stage("weight: 5%, score_grace: 30"),
            "5:32: stages[0].score_grace: '30' has no unit: write 30s or 30m");
        Add("A deadline before the scores could come", RolloutText.Stage("weight: 5%, bake: 1h, score_grace: 30m, deadline: 80m, checks: [ 'score.quality > 0.5' ]"),
            "5:57: stages[0].deadline: the deadline of 80m comes before the stage has baked for 1h and its scores had 30m to come: write a longer one");
        Add("The faults of two stages at once", RolloutText.Stages("stages: [ { weight: 5, bake: 10 }, { weight: x } ]"),
            "4:21: stages[0].weight: '5' is not a fraction of 0 to 1: write 5% for per cent" + "\n" +
            "4:30: stages[0].bake: '10' has no unit: write 10s or 10m" + "\n" +
            "4:46: stages[1].weight: 'x' is not a share: write 5%, 0.05 or 500bp");
    }
}
