namespace AgentCanary;

/// <summary>
/// A value that is made from other values when it is first read: a sentence or an interval costs a rollout's tick nothing where nobody looks. Equal by the value. Thread-safe: two
/// readers at once may both make it, and make the same.
/// </summary>
internal sealed class Deferred<T> : IEquatable<Deferred<T>>
    where T : notnull
{
    private object _source;

    /// <summary>Defers a value.</summary>
    /// <param name="make">Makes it, from values that do not change.</param>
    public Deferred(Func<T> make) => _source = make;

    private Deferred(T value) => _source = value;

    public T Value
    {
        get
        {
            if (Volatile.Read(ref _source) is T made) return made;
            made = ((Func<T>)_source)();
            // What it was made from may be large and is not needed any more.
            Volatile.Write(ref _source, made);
            return made;
        }
    }

    public static implicit operator Deferred<T>(T value) => new(value);

    public bool Equals(Deferred<T>? other) => other is not null && EqualityComparer<T>.Default.Equals(Value, other.Value);

    public override bool Equals(object? obj) => Equals(obj as Deferred<T>);

    public override int GetHashCode() => Value.GetHashCode();
}
