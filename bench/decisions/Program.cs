using AgentCanary.Decisions;
using AgentCanary.Decisions.Sections;

// run.sh is the way in. With --only WORDS, those sections alone whose title has the words.
var report = new Report(new(args.Contains("--quick")));
var only = Array.IndexOf(args, "--only") is >= 0 and var place && place + 1 < args.Length ? args[place + 1] : "";
Section[] sections =
[
    FalseRollbacks.Section, FiveMetrics.Section, DelayedOutcomes.Section, Power.Section, Promotions.Section, LateRegressions.Section, Latencies.Section, Rollouts.Section, Scores.Section, Forecasts.Section, Costs.Section,
];
foreach (var section in sections.Where(section => section.Title.Contains(only, StringComparison.OrdinalIgnoreCase))) report.Measure(section, Console.Error);
report.Write(Console.Out);
return report.Missed > 0 ? 1 : 0;
