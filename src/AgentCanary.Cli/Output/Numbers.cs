using System.CommandLine;
using System.Globalization;

namespace AgentCanary.Cli.Output;

/// <summary>Reads whole numbers on the command line.</summary>
internal static class Numbers
{
    /// <summary>Makes an option that takes a whole number in a range; null where it is not given.</summary>
    public static Option<long?> Option(string name, string helpName, long lowest, long highest, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest) return number;
            result.AddError($"{name} is '{text}': write a whole number of {lowest}{(highest == long.MaxValue ? " or more" : $" to {highest}")}.");
            return null;
        },
    };
}
