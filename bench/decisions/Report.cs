using System.Diagnostics;
using System.Globalization;

namespace AgentCanary.Decisions;

/// <summary>What was measured, as a page of markdown.</summary>
internal sealed class Report(Effort effort)
{
    private readonly List<(Section Section, List<Figure> Figures)> _measured = [];
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Gets how many goals are missed.</summary>
    public int Missed => _measured.Sum(part => part.Figures.Count(figure => figure.IsMissed));

    /// <summary>Measures a section; its progress goes to <paramref name="progress"/>.</summary>
    public void Measure(Section section, TextWriter progress)
    {
        var (started, figures) = (Stopwatch.GetTimestamp(), new List<Figure>());
        foreach (var figure in section.Measure(effort))
        {
            figures.Add(figure);
            if (figure.IsMissed) progress.WriteLine(figure.Line);
        }
        _measured.Add((section, figures));
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{section.Title}: {figures.Count} figures, {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
    }

    public void Write(TextWriter to)
    {
        to.WriteLine("# Measured figures\n");
        to.WriteLine($"Made by `bench/decisions/run.sh{(effort.IsQuick ? " --quick` with a **tenth of the runs" : "` with **all runs")}** in {Stopwatch.GetElapsedTime(_started).TotalMinutes.ToString("0.0", CultureInfo.InvariantCulture)} minutes on "
            + $"{Environment.ProcessorCount} cores; do not edit it. Every figure but the times of goal 8 follows from its seed, however many cores there are. [statistics.md](statistics.md) says what the tests are.\n");
        to.WriteLine("A figure meets its goal, or meets it within two standard errors (s.e.) of its own chance, or is MISSED, and then the command ends with exit code 1. "
            + "The error of a share is that with one success and one failure more, so that 0 % has one too. \"Reference\" is what the design's simulation of the same method found.\n");
        to.WriteLine("| goal | figures with a bound | met | met within 2 s.e. | missed |\n|---|---:|---:|---:|---:|");
        foreach (var goal in _measured.Where(part => part.Section.Goal is not null).GroupBy(part => part.Section.Goal))
            WriteGoal(to, $"{goal.Key}: {string.Join("; ", goal.Select(part => part.Section.Title.ToLowerInvariant()))}", [.. goal.SelectMany(part => part.Figures).Where(figure => figure.Goal is not null)]);
        foreach (var (section, figures) in _measured)
        {
            to.WriteLine($"\n## {section.Title}{(section.Goal is { } goal ? $" (goal {goal})" : "")}\n\n{section.Setting}\n");
            to.WriteLine("| figure | measured | s.e. | goal | | reference | runs | seed |\n|---|---|---|---|---|---|---:|---:|");
            foreach (var figure in figures) to.WriteLine(figure.Line);
        }
    }

    private static void WriteGoal(TextWriter to, string name, IReadOnlyCollection<Figure> figures)
    {
        var (missed, met) = (figures.Count(figure => figure.IsMissed), figures.Count(figure => figure.Goal!.IsMetBy(figure.Measured.Value)));
        to.WriteLine($"| {name} | {figures.Count} | {met} | {figures.Count - met - missed} | {missed} |");
    }
}
