using System.Text;
using AgentCanary.Server.Files;
using AgentCanary.Spec;

namespace AgentCanary.Server.Tests.Files;

/// <summary>Reads text as a file named <c>a.yaml</c>.</summary>
internal static class Reading
{
    public static SpecResult Of(string text) => RolloutFiles.Read("a.yaml", Encoding.UTF8.GetBytes(text));

    public static SpecResult Of(params (string Name, string Text)[] files) =>
        RolloutFiles.Read(files.Select(file => (file.Name, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Text))));

    /// <summary>The one rollout of a file that has to be accepted.</summary>
    public static RolloutSpec Accepted(string text)
    {
        var result = Of(text);
        Assert.Equal("", Faults(result));
        return Assert.Single(result.Specs);
    }

    /// <summary>The faults, one a line, without the file's name.</summary>
    public static string Faults(SpecResult result) =>
        string.Join('\n', result.Faults.Select(fault => fault.ToString()[(fault.File.Length + 1)..]));
}
