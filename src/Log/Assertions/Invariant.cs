using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace KRaftSharp.Log.Assertions;

/// <summary>Checks that stay on in production: a broken one stops the node rather than serve wrong data.</summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantViolationException"/> unless <paramref name="condition"/> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require([DoesNotReturnIf(false)] bool condition, string what)
    {
        if (!condition)
        {
            Throw(what, null, null);
        }
    }

    /// <summary>
    /// Throws <see cref="InvariantViolationException"/> unless <paramref name="condition"/> holds; names two values.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require<T1, T2>([DoesNotReturnIf(false)] bool condition, string what, T1 first, T2 second)
    {
        if (!condition)
        {
            Throw(what, first?.ToString(), second?.ToString());
        }
    }

    [DoesNotReturn]
    private static void Throw(string what, string? first, string? second) =>
        throw new InvariantViolationException(first is null && second is null ? what : $"{what} ({first}; {second})");
}
