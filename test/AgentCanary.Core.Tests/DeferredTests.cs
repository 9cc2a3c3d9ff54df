namespace AgentCanary.Core.Tests;

public sealed class DeferredTests
{
    [Fact]
    public void A_value_is_made_when_it_is_read_and_only_once()
    {
        var made = 0;
        var deferred = new Deferred<string>(() => $"made {++made}");

        Assert.Equal(0, made);
        Assert.Equal("made 1", deferred.Value);
        Assert.Equal("made 1", deferred.Value);
    }

    [Fact]
    public void Deferred_values_are_equal_by_what_they_say()
    {
        Deferred<string> said = "31 more";
        var later = new Deferred<string>(() => $"{30 + 1} more");

        Assert.Equal(said, later);
        Assert.Equal(said.GetHashCode(), later.GetHashCode());
        Assert.NotEqual(said, new(() => "32 more"));
        Assert.False(said.Equals(null));
    }

    [Fact]
    public void Decisions_for_the_same_reason_are_equal_whenever_it_was_made()
    {
        var later = new Decision.Hold(new Deferred<string>(() => "waits")) { Pause = PauseReason.Person };

        Assert.Equal(new Decision.Hold("waits") { Pause = PauseReason.Person }, later);
        Assert.NotEqual(new Decision.Hold("waits for you") { Pause = PauseReason.Person }, later);
        Assert.Equal("waits", (later with { Actor = "cli" }).Reason);
    }
}
