using AgentCanary.Server.Files;

namespace AgentCanary.Server.Tests.Files;

public sealed class SecretSourceTests : IDisposable
{
    private const string Variable = "AGENTCANARY_TEST_SECRET";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory = Directory.CreateTempSubdirectory("agentcanary-").FullName;

    public SecretSourceTests() => Environment.SetEnvironmentVariable(Variable, "Bearer hunter2");

    [Theory]
    [InlineData("v1.1.0")]
    [InlineData("environment:x")]
    [InlineData("")]
    public void What_is_no_reference_stands_for_itself(string text)
    {
        Assert.Null(SecretSource.Find(text, out var value));
        Assert.Equal(text, value);
    }

    [Fact]
    public void A_reference_to_a_variable_is_its_value()
    {
        Assert.Null(SecretSource.Find($"env:{Variable}", out var value));
        Assert.Equal("Bearer hunter2", value);
    }

    [Fact]
    public void A_reference_to_a_file_is_its_text_without_the_last_line_end()
    {
        Assert.Null(SecretSource.Find($"file:{Write("hunter2\n", OwnerOnly)}", out var value));
        Assert.Equal("hunter2", value);
    }

    [Fact]
    public void A_variable_that_is_not_set_is_named()
    {
        Assert.Equal("env:AGENTCANARY_NO_SUCH is not set: set it where the server is started",
            SecretSource.Find("env:AGENTCANARY_NO_SUCH", out var value));
        Assert.Equal("", value);
    }

    [Fact]
    public void A_file_that_others_can_read_is_refused()
    {
        var path = Write("hunter2", OwnerOnly | UnixFileMode.OtherRead);
        Assert.Equal($"file:{path} can be read by others: give it mode 0600", SecretSource.Find($"file:{path}", out var value));
        Assert.Equal("", value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public void A_file_that_no_header_can_carry_is_refused_without_its_text(string text)
    {
        var path = Write(text, OwnerOnly);
        Assert.Equal($"file:{path} is empty or has letters that a header cannot carry: write visible ASCII on one line",
            SecretSource.Find($"file:{path}", out _));
    }

    [Fact]
    public void A_file_that_is_too_large_or_not_there_is_refused()
    {
        var path = Write(new string('x', 9_000), OwnerOnly);
        Assert.Equal(
            $"file:{path} is larger than 8192 bytes: name a file that holds the secret alone", SecretSource.Find($"file:{path}", out _));
        Assert.Equal("file:/no/such cannot be read: check the path and its permissions", SecretSource.Find("file:/no/such", out _));
    }

    [Fact]
    public void Every_reference_of_a_rollout_that_leads_nowhere_is_named_with_its_path()
    {
        var spec = Reading.Accepted(RolloutText.Canary(
            $"version: v2, url: \"http://h\", headers: {{ a: \"env:AGENTCANARY_NO_SUCH\", b: \"env:{Variable}\", c: d }}"));
        Assert.Equal("a: canary.headers.a: env:AGENTCANARY_NO_SUCH is not set: set it where the server is started",
            Assert.Single(SecretSource.Missing(spec)));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        Directory.Delete(_directory, recursive: true);
    }

    private string Write(string text, UnixFileMode mode)
    {
        var path = Path.Combine(_directory, "secret");
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
        return path;
    }
}
