using System.Reflection;
using AgentCanary.Control;

namespace AgentCanary.Core.Tests.Control;

public sealed class JsonNamesTests
{
    public static TheoryData<string> Tables => [.. typeof(JsonNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(table => table.Name)];

    [Theory, MemberData(nameof(Tables))]
    public void Every_member_has_a_name_and_every_name_leads_back_to_it(string table)
    {
        var names = typeof(JsonNames).GetField(table)!.GetValue(null)!;
        var members = Enum.GetValues(names.GetType().GetGenericArguments()[0]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            var name = (string)names.GetType().GetMethod("NameOf")!.Invoke(names, [member])!;
            object?[] found = [name, null];
            Assert.True((bool)names.GetType().GetMethod("TryFind")!.Invoke(names, found)!);
            Assert.Equal(member, found[1]);
            Assert.True(seen.Add(name), $"'{name}' names two members of {table}.");
        }
    }

    [Fact]
    public void A_value_that_is_no_member_is_not_written() => Assert.Throws<ArgumentOutOfRangeException>(() => JsonNames.Phases.NameOf((Phase)99));
}
