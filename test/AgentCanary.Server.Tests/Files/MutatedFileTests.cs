using System.Text;
using AgentCanary.Server.Files;

namespace AgentCanary.Server.Tests.Files;

public sealed class MutatedFileTests
{
    private const int Mutants = 1_000;

    // Pieces that mean something to a parser or a binder.
    private static readonly string[] Pieces =
    [
        "[", "]", "{", "}", ":", ": ", "- ", "? ", ",", "#", "&a ", "*a", "!t ", "|", ">", "'", "\"", "\\", "%", "@", "`", "---\n", "...\n",
            "\n", "\r", "\t", " ", "  ", "\0", "\u001b",
        "\u2028", "\uFEFF", "\\ud800", "é", "😀", "~", "null", "true", ".nan", ".inf", "-1", "1e999", "5", "5%", "0.05", "500bp", "10m",
            "99999999999999999999", "stages:", "checks:", "canary_stages:",
        "error_rate < ", "<=", "p95_latency", "header:", "env:", "http://", "<<: ", "\"\\x", "\"\\u", "|2-\n", ">+\n",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Whatever_a_file_holds_it_is_accepted_or_refused_with_places_and_never_throws(int seed)
    {
        var random = new Random(seed);
        var seeds = Samples.All
            .Select(File.ReadAllText).Append("{\"agent\":\"a\",\"stages\":[{\"weight\":1,\"checks\":[\"error_rate < 1%\"]}]}").ToArray();
        for (var i = 0; i < Mutants; i++)
        {
            var bytes = Mutate(seeds[random.Next(seeds.Length)], random);
            var result = RolloutFiles.Read("a.yaml", bytes);
            Assert.True(result.IsValid ? result.Specs.Length > 0 : result.Specs.IsEmpty, Encoding.UTF8.GetString(bytes));
            Assert.All(result.Faults, fault => Assert.True(fault.Line >= 1 && fault.Column >= 1 && fault.Message.Length > 0
                && !fault.ToString().Contains('\n'), fault.ToString()));
        }
    }

    private static byte[] Mutate(string text, Random random)
    {
        var mutant = new StringBuilder(text);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(mutant.Length);
            var length = Math.Min(random.Next(1, 12), mutant.Length - at);
            switch (random.Next(4))
            {
                case 0: mutant.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
                case 1: mutant.Remove(at, length); break;
                case 2: mutant.Insert(random.Next(mutant.Length), mutant.ToString(at, length)); break;
                default: mutant.Remove(at, length).Insert(at, Pieces[random.Next(Pieces.Length)]); break;
            }
            if (mutant.Length == 0) mutant.Append('a');
        }
        var bytes = Encoding.UTF8.GetBytes(mutant.ToString());
        if (random.Next(10) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }
}
