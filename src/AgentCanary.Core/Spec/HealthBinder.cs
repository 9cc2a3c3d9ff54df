using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds <c>health</c>, of the rollout or of a version.</summary>
internal static class HealthBinder
{
    private const string Wanted = "a mapping such as { path: /healthz, interval: 5s }";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Binds a probe.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="inherited">The rollout's probe, whose terms a version's own probe keeps where it names none.</param>
    public static HealthSpec? Bind(Place? place, HealthSpec? inherited)
    {
        if (place?.Section(Wanted) is not { } section) return null;
        var terms = inherited ?? new();
        var (path, tcp, command) = (section.Take("path"), section.Take("tcp"), section.Take("command"));
        if (new[] { path, tcp, command }.Count(probe => probe is not null) > 1)
            place.Fault("two probes stand here: keep one of path, tcp and command");
        if (tcp is not null && !tcp.Truth(true)) tcp.Fault("tcp can only be asked for: write tcp: true, or a path or command instead");
        var isOwn = path is not null || tcp is not null || command is not null;
        var spec = terms with
        {
            Path = isOwn ? path?.Read<string?>(null, "a path such as /healthz", TryParsePath) : terms.Path,
            Command = isOwn ? Command(command) : terms.Command,
            Interval = section.Take("interval").Duration(terms.Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            UnhealthyAfter = section.Take("unhealthy_after").Whole(terms.UnhealthyAfter, 1, 100),
            OnUnhealthy = section.Take("on_unhealthy").Choice(terms.OnUnhealthy,
                ("pause", OnUnhealthy.Pause), ("rollback", OnUnhealthy.RollBack), ("ignore", OnUnhealthy.Ignore)),
            RollbackAfter = section.Take("rollback_after").Duration(terms.RollbackAfter, default, Longest),
        };
        section.Close();
        return spec;
    }

    private static bool TryParsePath(string text, out string? value, out string fault)
    {
        value = text;
        var isPath = text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal) && text.Length <= 1024
            && text.All(letter => letter is > ' ' and <= '~' and not ('#' or '\\'));
        fault = isPath ? "" : $"{Quote.Of(text)} is not a path: write one that starts with '/', such as /healthz";
        return isPath;
    }

    private static ImmutableArray<string> Command(Place? place)
    {
        if (place is null) return [];
        if (place.Node is SpecNode.Sequence { Items.IsEmpty: true }) place.Fault("the list is empty: write [ PROGRAM, ARGUMENT ]");
        return [.. place.Items("a list such as [ PROGRAM, ARGUMENT ]", 64).Select(item => item.Text("a program or argument") ?? "")];
    }
}
