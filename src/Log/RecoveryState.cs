namespace KRaftSharp.Log;

/// <summary>The recovery point, and how often truncations have moved it back.</summary>
/// <remarks>A flush that was under way when the log was truncated must not move the point forward again: it would
/// cover offsets that have been written anew since.</remarks>
internal sealed class RecoveryState(long point)
{
    private Value _value = new(point, 0);

    public long Point => Volatile.Read(ref _value).Point;

    public int Truncations => Volatile.Read(ref _value).Truncations;

    public void Advance(long point, int truncationsAtStart)
    {
        while (true)
        {
            Value seen = Volatile.Read(ref _value);
            if (seen.Truncations != truncationsAtStart || seen.Point >= point
                || ReferenceEquals(
                    Interlocked.CompareExchange(ref _value, seen with { Point = point }, seen), seen))
            {
                return;
            }
        }
    }

    /// <summary>Returns whether the point moved.</summary>
    public bool Lower(long point)
    {
        while (true)
        {
            Value seen = Volatile.Read(ref _value);
            var lowered = new Value(Math.Min(seen.Point, point), seen.Truncations + 1);
            if (ReferenceEquals(Interlocked.CompareExchange(ref _value, lowered, seen), seen))
            {
                return lowered.Point < seen.Point;
            }
        }
    }

    public void Restart(long point)
    {
        Value seen = Volatile.Read(ref _value);
        while (!ReferenceEquals(
            Interlocked.CompareExchange(ref _value, new Value(point, seen.Truncations + 1), seen), seen))
        {
            seen = Volatile.Read(ref _value);
        }
    }

    private sealed record Value(long Point, int Truncations);
}
