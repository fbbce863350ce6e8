using System.Diagnostics.CodeAnalysis;

namespace KRaftSharp.Protocol;

/// <summary>A message was to be written that its version cannot express: a mistake of the program that filled it.
/// </summary>
public sealed class UnsupportedFieldException : Exception
{
    public UnsupportedFieldException()
    {
    }

    public UnsupportedFieldException(string message)
        : base(message)
    {
    }

    public UnsupportedFieldException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    [DoesNotReturn]
    internal static void ThrowAbsent(string field, short version) =>
        throw new UnsupportedFieldException($"{field} is set, but version {version} does not have it.");

    [DoesNotReturn]
    internal static void ThrowNull() =>
        throw new UnsupportedFieldException("A field is null that may not be null in this version.");

    [DoesNotReturn]
    internal static void ThrowTooLong(int length) =>
        throw new UnsupportedFieldException($"A string of {length} bytes is longer than 32767.");

    [DoesNotReturn]
    internal static void ThrowVersion(string message, short version) =>
        throw new UnsupportedFieldException($"{message} has no version {version}.");
}
