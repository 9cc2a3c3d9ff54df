using System.Text.Json;
using AgentCanary.Testing;

namespace AgentCanary.Server.Traces;

public sealed class TraceRecorderTests
{
    [Fact]
    public async Task Every_outcome_becomes_a_line_that_a_replay_reads_back_and_t_is_when_the_request_started()
    {
        await using var recording = new Recording();
        await recording.StartAsync();
        recording.Time.Advance(TimeSpan.FromSeconds(20));
        recording.Time.JumpWallClock(TimeSpan.FromDays(-3));
        var outcome = new Outcome
        {
            Class = OutcomeClass.Refusal, Latency = TimeSpan.FromMilliseconds(812.4), FirstContent = TimeSpan.FromMilliseconds(120), Tokens = 350, Cost = 0.0021, SafetyViolations = 1,
            Scores = [new("quality", 0.8)],
        };
        recording.Record("user-1", Arm.Canary, outcome);
        recording.Record(null, Arm.Control);
        recording.Record("user-2", Arm.Outside);
        await recording.StopAsync();

        var read = recording.Read("trace.ndjson");
        Assert.Equal([(19.1876, Arm.Canary), (20, Arm.Outside), (20, Arm.Control)], read.Select(one => (one.At.TotalSeconds, one.Arm)).OrderBy(one => one));
        Assert.Equal(outcome with { Scores = default }, read[0].Outcome with { Scores = default });
        Assert.Equal(outcome.Scores.AsEnumerable(), read[0].Outcome.Scores.AsEnumerable());
        Assert.Equal((3L, 0L, false), (recording.Counters.Recorded, recording.Counters.Dropped, recording.Counters.IsRecording));
        Assert.Equal([$"Information: Recorded 3 outcomes to {recording.File}; 0 were dropped"], recording.Logged);
    }

    [Fact]
    public async Task A_user_stays_the_same_user_in_one_recording_and_is_nobody_in_the_next()
    {
        await using var recording = new Recording();
        await recording.StartAsync();
        foreach (var user in new[] { "ada@example.com", "bob", "ada@example.com" }) recording.Record(user);
        recording.Record(new string('ä', 5_000));
        await recording.StopAsync();
        var first = Keys(recording);
        Assert.Equal([0, 1, 0, 2], first.Select(key => first.Distinct().ToList().IndexOf(key)));
        Assert.All(first, key => Assert.Matches("^[0-9a-f]{16}$", key));
        Assert.DoesNotContain("ada", recording.TextOf("trace.ndjson"), StringComparison.Ordinal);

        await recording.StartAsync();
        recording.Record("ada@example.com");
        await recording.StopAsync();
        Assert.DoesNotContain(Keys(recording)[0], first);

        static string[] Keys(Recording recording) =>
            [.. recording.TextOf("trace.ndjson").TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("key").GetString()!)];
    }

    [Fact]
    public async Task Only_its_owner_may_read_a_trace()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var recording = new Recording();
        await recording.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(recording.File));
    }

    [Fact]
    public async Task A_recording_takes_no_more_room_than_it_may_and_keeps_the_newest()
    {
        await using var recording = new Recording();
        await recording.StartAsync(options => options with { MostBytes = 2_000 });
        for (var i = 1; i <= 300; i++)
        {
            recording.Time.Advance(TimeSpan.FromSeconds(1));
            recording.Record($"user-{i}");
            var sent = i;
            if (i % 5 == 0) await Eventually.TrueAsync(() => recording.Counters.Recorded == sent); // a piece ends between two writes
        }
        await recording.StopAsync();
        Assert.Equal(["trace.1.ndjson", "trace.2.ndjson", "trace.3.ndjson", "trace.ndjson"], recording.Files);
        Assert.All(recording.Files, file => Assert.InRange(recording.TextOf(file).Length, 1, 2_000));
        // One clock and one key over all pieces: joined in any order they are one trace, its beginning gone.
        var kept = recording.Read(recording.Files);
        Assert.Equal(Enumerable.Range(301 - kept.Length, kept.Length).Select(second => (double)second), kept.Select(one => one.At.TotalSeconds));
        Assert.Equal(kept.Length, kept.Select(one => one.KeyHash).Distinct().Count());
        Assert.InRange(kept.Length, 60, 90);
    }

    [Fact]
    public async Task What_an_earlier_run_left_is_kept_as_a_piece()
    {
        await using var recording = new Recording();
        for (var run = 1; run <= 6; run++)
        {
            await recording.StartAsync();
            recording.Record(null, outcome: new() { Tokens = run });
            await recording.StopAsync();
        }
        Assert.Equal(new long?[] { 6, 5, 4, 3 }, new[] { "trace.ndjson", "trace.1.ndjson", "trace.2.ndjson", "trace.3.ndjson" }.Select(file => recording.Read(file).Single().Outcome.Tokens));
        Assert.Equal(4, recording.Files.Count());
    }

    [Fact]
    public async Task A_disk_that_hangs_keeps_no_request_waiting_and_the_newest_outcomes_are_dropped_and_counted()
    {
        using var letGo = new ManualResetEventSlim();
        await using var recording = new Recording();
        NarrowPieces? disk = null;
        await recording.StartAsync(options => options with { MostWaiting = 100 }, options => disk = new(options, long.MaxValue, letGo));
        try
        {
            recording.Record(null, outcome: new() { Tokens = 0 });
            await Eventually.TrueAsync(() => disk!.IsHung);
            for (var i = 1; i <= 1_000; i++) recording.Record(null, outcome: new() { Tokens = i }); // would never come back if it waited
            Assert.Equal(900, recording.Counters.Dropped);
        }
        finally
        {
            letGo.Set();
        }
        await recording.StopAsync();
        var read = recording.Read("trace.ndjson");
        Assert.Equal(Enumerable.Range(0, 101).Select(i => (long?)i), read.Select(one => one.Outcome.Tokens).Order());
        Assert.Contains("Recorded 101 outcomes", Assert.Single(recording.Logged), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_ends_the_recording_with_one_line_and_the_file_with_a_whole_one()
    {
        await using var recording = new Recording();
        await recording.StartAsync(pieces: options => new NarrowPieces(options, capacity: 1_000));
        for (var i = 0; i < 200; i++) recording.Record($"user-{i}");
        await Eventually.TrueAsync(() => !recording.Counters.IsRecording);
        for (var i = 0; i < 50; i++) recording.Record($"user-{i}");
        await recording.StopAsync();
        var read = recording.Read(recording.Files);
        Assert.Equal((read.Length, 250L), (recording.Counters.Recorded, recording.Counters.Recorded + recording.Counters.Dropped));
        Assert.Equal(
            [$"Error: Recording to {recording.File} has stopped for good, and requests are served as before: No space left on device", $"Information: Recorded {read.Length} outcomes to {recording.File}; {recording.Counters.Dropped} were dropped"],
            recording.Logged);
    }

    [Fact]
    public async Task Outcomes_of_many_threads_are_all_written_whole()
    {
        await using var recording = new Recording();
        await recording.StartAsync(options => options with { MostWaiting = 100_000 });
        Parallel.For(0, 20_000, i => recording.Record($"user-{i % 500}", i % 3 == 0 ? Arm.Canary : Arm.Control, new() { Latency = TimeSpan.FromMilliseconds(i), Tokens = i }));
        await recording.StopAsync();
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (long?)i), recording.Read("trace.ndjson").Select(one => one.Outcome.Tokens).Order());
    }

    [Fact]
    public async Task A_figure_that_nobody_counts_is_dropped_and_breaks_nothing()
    {
        await using var recording = new Recording();
        await recording.StartAsync();
        recording.Record("user-1", outcome: new() { Cost = double.NaN });
        recording.Record("user-1", outcome: new() { Cost = 1 });
        await recording.StopAsync();
        Assert.Equal(1, recording.Read("trace.ndjson").Single().Outcome.Cost);
        Assert.Equal((1L, 1L), (recording.Counters.Recorded, recording.Counters.Dropped));
    }

    [Fact]
    public async Task A_place_where_no_file_can_be_made_is_told_at_the_start()
    {
        await using var recording = new Recording();
        await Assert.ThrowsAnyAsync<IOException>(() => recording.StartAsync(options => options with { Path = Path.Combine(recording.File, "trace.ndjson") }));
    }
}
