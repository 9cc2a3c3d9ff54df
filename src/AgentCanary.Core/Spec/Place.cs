using System.Collections.Immutable;
using System.Globalization;

namespace AgentCanary.Spec;

/// <summary>A value on its way from a file to a noun: what stands there, where, and where faults about it go.</summary>
internal sealed record Place(FaultLog Log, SpecNode Node, string Path)
{
    public void Fault(string message) => Log.Add(Node.Line, Node.Column, Path, message);

    /// <summary>Reads a single value, or reports that something else stands there.</summary>
    /// <param name="wanted">What belongs there, as the object of "write".</param>
    public string? Text(string wanted)
    {
        if (Node is SpecNode.Scalar { IsNothing: false } scalar) return scalar.Text;
        Fault($"{Found} stands here: write {wanted}");
        return null;
    }

    public Section? Section(string wanted)
    {
        if (Node is SpecNode.Mapping mapping) return new(Log, mapping, Path);
        Fault($"{Found} stands here: write {wanted}");
        return null;
    }

    public ImmutableArray<Place> Items(string wanted, int most = int.MaxValue)
    {
        if (Node is not SpecNode.Sequence list)
        {
            Fault($"{Found} stands here: write {wanted}");
            return [];
        }
        if (list.Items.Length > most)
            Fault(string.Create(CultureInfo.InvariantCulture, $"the list has {list.Items.Length} items: at most {most} are allowed"));
        return [.. list.Items.Take(most)
            .Select((item, index) => new Place(Log, item, string.Create(CultureInfo.InvariantCulture, $"{Path}[{index}]")))];
    }

    private string Found => Node switch
    {
        SpecNode.Sequence => "a list",
        SpecNode.Mapping => "a mapping",
        SpecNode.Scalar { IsNothing: false } scalar => Quote.Of(scalar.Text),
        _ => "nothing",
    };
}
