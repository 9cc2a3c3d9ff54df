using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Server.Gateway;

public sealed class DecisionIdTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, 123, TimeSpan.Zero);
    private readonly DecisionIds _ids = new(RandomNumberGenerator.GetBytes(32));

    private static Assignment Sample => new()
    {
        Version = Some.Canary, Variant = Variant.Canary, Arm = Arm.Canary, Reason = AssignmentReason.Split, KeyHash = 0xfedcba9876543210, Attempt = 3, Stage = 2, Revision = 77, StartTick = 1_768_478_400,
    };

    [Fact]
    public void What_is_written_is_read_again_whatever_it_is() => Prop.ForAll(
        ArbMap.Default.ArbFor<(ulong Rollout, ulong Key, uint Revision, ushort Attempt, byte Stage)>(), ArbMap.Default.ArbFor<(uint Tick, byte Kind, uint Millis)>(),
        (a, b) =>
        {
            var assignment = new Assignment
            {
                Version = "v", Variant = (Variant)(b.Kind & 1), Arm = (Arm)(b.Kind % 3), Reason = (AssignmentReason)(b.Kind % 11), KeyHash = a.Key,
                Attempt = a.Attempt, Stage = a.Stage, Revision = a.Revision, StartTick = b.Tick >= uint.MaxValue - 1 ? (int)b.Tick : b.Tick,
            };
            var startedAt = Noon.AddMilliseconds(b.Millis);
            return _ids.TryRead(_ids.Make(a.Rollout, assignment, startedAt), out var id)
                && id.Rollout == a.Rollout && id.StartedAt == startedAt && id.ToAssignment("v") == assignment;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(-1), InlineData(-2)]
    public void A_start_that_is_not_counted_or_no_evidence_stays_so(long startTick)
    {
        Assert.True(_ids.TryRead(_ids.Make(1, Sample with { StartTick = startTick }, Noon), out var id));
        Assert.Equal(startTick, id.StartTick);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void Whose_word_the_outcome_is_stands_beside_every_reason(bool isReported)
    {
        foreach (var reason in Enum.GetValues<AssignmentReason>())
        {
            Assert.True(_ids.TryRead(_ids.Make(1, Sample with { Reason = reason }, Noon, isReported), out var id));
            Assert.Equal((reason, isReported, Arm.Canary, Variant.Canary), (id.Reason, id.IsReported, id.Arm, id.Variant));
        }
    }

    [Fact]
    public void No_two_requests_have_one_id() => Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => _ids.Make(1, Sample, Noon)).Distinct().Count());

    [Fact]
    public void Every_change_of_any_character_is_found()
    {
        var id = _ids.Make(1, Sample, Noon);
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (var i = 0; i < id.Length; i++)
            foreach (var other in Alphabet.Where(other => other != id[i]))
                Assert.False(_ids.TryRead(id[..i] + other + id[(i + 1)..], out _), $"character {i} as {other}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all, but exactly as long as a decision id would be in its form")]
    public void What_was_never_an_id_is_none(string text) => Assert.False(_ids.TryRead(text, out _));

    [Fact]
    public void Shorter_longer_padded_and_differently_written_ids_are_none()
    {
        var id = _ids.Make(1, Sample, Noon);
        foreach (var other in new[] { id[1..], id[..^1], id + "A", id + "==", " " + id[1..], id.Replace('-', '+').Replace('_', '/') + "=", id + id })
            Assert.False(_ids.TryRead(other, out _));
    }

    [Fact]
    public void Another_key_makes_other_ids()
    {
        var other = new DecisionIds(RandomNumberGenerator.GetBytes(32));
        Assert.False(other.TryRead(_ids.Make(1, Sample, Noon), out _));
    }

    [Fact]
    public void An_id_costs_one_string_and_reading_it_nothing()
    {
        var id = _ids.Make(1, Sample, Noon);
        _ids.TryRead(id, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) id = _ids.Make(1, Sample, Noon);
        var made = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _ids.TryRead(id, out _);
        Assert.Equal((1000L * 176, 0L), (made - before, GC.GetAllocatedBytesForCurrentThread() - made)); // 22 + 2 x 74 bytes, rounded up to 8
    }

    [Fact]
    public void The_key_is_made_once_and_only_its_owner_may_use_it()
    {
        var directory = Directory.CreateTempSubdirectory("decision-key-");
        try
        {
            var path = Path.Combine(directory.FullName, "new", DecisionKey.FileName);
            for (var round = 0; round < 50; round++)
            {
                if (round > 0) File.Delete(path);
                var keys = new byte[8][];
                Parallel.For(0, keys.Length, i => keys[i] = DecisionKey.FindOrMake(Path.GetDirectoryName(path)!));
                Assert.All(keys, key => Assert.Equal(keys[0], key));
            }
            Assert.Equal([DecisionKey.FileName], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName));
            if (OperatingSystem.IsWindows()) return;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Assert.Contains("0600", Assert.Throws<InvalidOperationException>(() => DecisionKey.FindOrMake(Path.GetDirectoryName(path)!)).Message, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_damaged_key_file_is_named()
    {
        var directory = Directory.CreateTempSubdirectory("decision-key-");
        try
        {
            var path = Path.Combine(directory.FullName, DecisionKey.FileName);
            DecisionKey.FindOrMake(directory.FullName);
            File.WriteAllBytes(path, new byte[31]);
            Assert.Contains(path, Assert.Throws<InvalidOperationException>(() => DecisionKey.FindOrMake(directory.FullName)).Message, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
