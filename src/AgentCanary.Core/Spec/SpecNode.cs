using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>
/// A value of a rollout file and where it stands. Readers make these, <see cref="SpecBinder"/> judges them. Immutable and thread-safe.
/// </summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
public abstract record SpecNode(int Line, int Column)
{
    /// <summary>A list.</summary>
    /// <param name="Items">The items, in order.</param>
    /// <param name="Line">The line, from 1.</param>
    /// <param name="Column">The column, from 1.</param>
    public sealed record Sequence(ImmutableArray<SpecNode> Items, int Line, int Column) : SpecNode(Line, Column);

    /// <summary>A set of named values; names are unique.</summary>
    /// <param name="Fields">The fields, in order.</param>
    /// <param name="Line">The line, from 1.</param>
    /// <param name="Column">The column, from 1.</param>
    public sealed record Mapping(ImmutableArray<SpecField> Fields, int Line, int Column) : SpecNode(Line, Column);

    /// <summary>A single value.</summary>
    /// <param name="Text">The value as text.</param>
    /// <param name="IsPlain">Whether it stood without quotes, so that <c>5</c>, <c>true</c> and <c>null</c> mean a number, a truth value
    /// and nothing.</param>
    /// <param name="Line">The line, from 1.</param>
    /// <param name="Column">The column, from 1.</param>
    public sealed record Scalar(string Text, bool IsPlain, int Line, int Column) : SpecNode(Line, Column)
    {
        /// <summary>Gets whether nothing was written: an empty value, <c>~</c> or <c>null</c> without quotes.</summary>
        public bool IsNothing => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");
    }
}
