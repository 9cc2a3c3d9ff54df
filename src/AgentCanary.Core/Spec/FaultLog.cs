namespace AgentCanary.Spec;

/// <summary>Gathers the faults of one file, so that a person sees all of them at once.</summary>
internal sealed class FaultLog(string file)
{
    private readonly List<SpecFault> _faults = [];

    public string File { get; } = file;

    public void Add(int line, int column, string path, string message) => _faults.Add(new(File, line, column, path, message));

    public bool HasAt(int line, int column) => _faults.Exists(fault => fault.Line == line && fault.Column == column);

    public IEnumerable<SpecFault> InOrder() => _faults.Distinct().OrderBy(fault => fault.Line).ThenBy(fault => fault.Column);
}
