using System.Collections.Immutable;
using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>Reads a trace, one JSON object a line, from bytes that come in pieces of any size. Keys are kept as hashes only. One caller at a time.</summary>
public sealed class TraceReader
{
    /// <summary>How many faults are told; the others are counted.</summary>
    public const int MostFaults = 20;

    /// <summary>The longest line, in bytes.</summary>
    public const int MostLineBytes = 1 << 20;

    /// <summary>How many outcomes a trace has at most.</summary>
    public const int MostOutcomes = 10_000_000;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly TraceLineReader _reader;
    private readonly List<TraceOutcome> _outcomes = [];
    private readonly ImmutableArray<TraceFault>.Builder _faults = ImmutableArray.CreateBuilder<TraceFault>();
    private byte[] _open = new byte[4096];
    private int _openLength;
    private long _line;
    private long _moreFaults;
    private long _withoutLatency;

    /// <summary>Makes a reader.</summary>
    /// <param name="spec">The rollout that the trace is read for: its salt hashes the keys, and its checks say which scores are kept. Null where only faults are looked for.</param>
    /// <param name="agent">Whose outcomes are read, where lines name their agents; the rollout's own unless set.</param>
    public TraceReader(RolloutSpec? spec, string? agent = null)
    {
        var checks = spec?.Stages.SelectMany(stage => stage.Checks.IsDefault ? [] : stage.Checks) ?? [];
        _reader = new(
            agent ?? spec?.Agent ?? "",
            spec is null ? 0 : StickyHash.Salt(spec.Agent, spec.Canary.Version, attempt: 1),
            checks.Select(check => check.Metric.ScoreName).OfType<string>().ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Gets whether reading on is of no use: a line without end, or more outcomes than a trace may have.</summary>
    public bool IsHopeless { get; private set; }

    /// <summary>Reads the next piece.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        for (int end; !IsHopeless && (end = piece.IndexOf((byte)'\n')) >= 0; piece = piece[(end + 1)..])
        {
            if (_openLength == 0) ReadLine(piece[..end]);
            else
            {
                Keep(piece[..end]);
                EndOpenLine();
            }
        }
        Keep(piece);
    }

    /// <summary>Ends the trace.</summary>
    public TraceReading Finish()
    {
        if (_openLength > 0 && !IsHopeless) EndOpenLine();
        return new()
        {
            Trace = _faults.Count == 0 ? Trace.Take(_outcomes) : null,
            Faults = _faults.ToImmutable(),
            MoreFaults = _moreFaults,
            Others = _reader.Others,
            OtherAgents = [.. _reader.OtherAgents],
            WithoutLatency = _withoutLatency,
        };
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        if (IsHopeless || piece.IsEmpty) return;
        if (_openLength + piece.Length > MostLineBytes)
        {
            _line++;
            GiveUp($"the line is longer than {MostLineBytes} bytes: write one outcome a line");
            return;
        }
        if (_openLength + piece.Length > _open.Length) Array.Resize(ref _open, Math.Max(_open.Length * 2, _openLength + piece.Length));
        piece.CopyTo(_open.AsSpan(_openLength));
        _openLength += piece.Length;
    }

    private void EndOpenLine()
    {
        var length = _openLength;
        _openLength = 0;
        ReadLine(_open.AsSpan(0, length));
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        if (++_line == 1 && line.StartsWith(ByteOrderMark)) line = line[ByteOrderMark.Length..];
        if (line.Length > MostLineBytes) GiveUp($"the line is longer than {MostLineBytes} bytes: write one outcome a line");
        else if (line.ContainsAnyExcept(" \t\r"u8)) ReadOutcome(line);
    }

    private void ReadOutcome(ReadOnlySpan<byte> line)
    {
        var outcome = _reader.Read(line);
        foreach (var fault in _reader.Faults) Tell(fault);
        if (_faults.Count > 0 || outcome is not { } read) return;
        if (!_reader.HasLatency) _withoutLatency++;
        if (_outcomes.Count < MostOutcomes) _outcomes.Add(read);
        else GiveUp($"this is outcome {MostOutcomes + 1}: a trace has at most {MostOutcomes}, so cut it into shorter ones");
    }

    private void GiveUp(string fault)
    {
        Tell(fault);
        IsHopeless = true;
    }

    private void Tell(string fault)
    {
        if (_faults.Count == 0) _outcomes.Clear(); // nothing of a refused trace is used
        if (_faults.Count < MostFaults) _faults.Add(new(_line, fault));
        else _moreFaults++;
    }
}
