using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace KRaftSharp.Protocol;

/// <summary>A 128-bit id as Kafka shows it (base64url, 22 characters) and orders it (halves compared signed).</summary>
public readonly record struct Uuid(long High, long Low)
    : IComparable<Uuid>, ISpanFormattable, IUtf8SpanFormattable, IUtf8SpanParsable<Uuid>
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 16;

    private const int TextLength = 22;
    private const int PaddedTextLength = 24;

    public static Uuid Zero => default;

    /// <summary>The id of the metadata log's topic.</summary>
    public static Uuid MetadataTopicId => new(0, 1);

    public bool IsZero => (High | Low) == 0;

    public static bool operator <(Uuid left, Uuid right) => left.CompareTo(right) < 0;

    public static bool operator >(Uuid left, Uuid right) => left.CompareTo(right) > 0;

    public static bool operator <=(Uuid left, Uuid right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Uuid left, Uuid right) => left.CompareTo(right) >= 0;

    public static Uuid ReadFrom(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadInt64BigEndian(source), BinaryPrimitives.ReadInt64BigEndian(source[8..]));

    public void WriteTo(Span<byte> target)
    {
        BinaryPrimitives.WriteInt64BigEndian(target, High);
        BinaryPrimitives.WriteInt64BigEndian(target[8..], Low);
    }

    /// <exception cref="FormatException">Not the text of an id.</exception>
    public static Uuid Parse(string text) => TryParse(text, out Uuid id)
        ? id
        : throw new FormatException($"'{text}' is not an id of 22 base64url characters.");

    /// <summary>Reads what <see cref="ToString()"/> writes and, as Kafka does, the same with padding or with stray bits
    /// in the last character.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Uuid id)
    {
        id = default;
        if (text is null || text.Length > PaddedTextLength || !Ascii.IsValid(text))
        {
            return false;
        }

        Span<byte> utf8 = stackalloc byte[PaddedTextLength];
        return TryParse(utf8[..Encoding.ASCII.GetBytes(text, utf8)], null, out id);
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out Uuid result)
    {
        result = default;
        if (utf8Text.Length == PaddedTextLength && utf8Text.EndsWith("=="u8))
        {
            utf8Text = utf8Text[..TextLength];
        }

        if (utf8Text.Length != TextLength)
        {
            return false;
        }

        // Filled up to whole bytes, so that stray bits fall into what is cut off.
        Span<byte> whole = stackalloc byte[PaddedTextLength];
        utf8Text.CopyTo(whole);
        "AA"u8.CopyTo(whole[TextLength..]);
        Span<byte> bytes = stackalloc byte[Size + 2];
        if (Base64Url.DecodeFromUtf8(whole, bytes, out _, out int written) != OperationStatus.Done
            || written != bytes.Length)
        {
            return false;
        }

        result = ReadFrom(bytes);
        return true;
    }

    public static Uuid Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) =>
        TryParse(utf8Text, provider, out Uuid id) ? id : throw new FormatException("Not an id.");

    public int CompareTo(Uuid other) =>
        High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Kafka's own, the same in every process: hash tables keep their order from run to run.</summary>
    public override int GetHashCode()
    {
        long folded = High ^ Low;
        return (int)(folded >> 32) ^ (int)folded;
    }

    public override string ToString()
    {
        Span<char> text = stackalloc char[TextLength];
        TryFormat(text, out _, default, null);
        return new string(text);
    }

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> bytes = stackalloc byte[Size];
        WriteTo(bytes);
        return Base64Url.TryEncodeToChars(bytes, destination, out charsWritten);
    }

    public bool TryFormat(
        Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> bytes = stackalloc byte[Size];
        WriteTo(bytes);
        return Base64Url.TryEncodeToUtf8(bytes, utf8Destination, out bytesWritten);
    }
}
