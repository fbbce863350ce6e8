using System.Text;
using KRaftSharp.Client.Producer;

namespace KRaftSharp.Cli.Records;

/// <summary>Makes a record of a line of the input.</summary>
internal abstract class RecordParser
{
    /// <param name="encoding">What a line is.</param>
    /// <param name="separator">What stands between key and value; null: there is no key.</param>
    public static RecordParser For(RecordEncoding encoding, string? separator)
    {
        byte[]? between = separator is { Length: > 0 }
            ? Encoding.UTF8.GetBytes(separator.Replace("\\t", "\t", StringComparison.Ordinal))
            : null;
        return encoding switch
        {
            RecordEncoding.Json when between is null => new JsonParser(),
            RecordEncoding.Json => throw new ArgumentException("with --format json a line says its key itself"),
            RecordEncoding.Msgpack => new LineParser(between, static bytes => bytes, MessagePackJson.FromJson),
            RecordEncoding.Hex => new LineParser(between, FromHex, FromHex),
            _ => new LineParser(between, static bytes => bytes, static bytes => bytes),
        };
    }

    /// <param name="line">Valid during the call and until the record is sent.</param>
    /// <param name="template">What all records have.</param>
    /// <exception cref="FormatException">The line is none.</exception>
    public abstract ProducerRecord Parse(ReadOnlyMemory<byte> line, ProducerRecord template);

    private static ReadOnlyMemory<byte> FromHex(ReadOnlyMemory<byte> text)
    {
        try
        {
            return Convert.FromHexString(text.Span);
        }
        catch (FormatException)
        {
            throw new FormatException($"'{Encoding.UTF8.GetString(text.Span)}' is not hexadecimal");
        }
    }

    private sealed class LineParser(
        byte[]? separator, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> key,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> value) : RecordParser
    {
        public override ProducerRecord Parse(ReadOnlyMemory<byte> line, ProducerRecord template)
        {
            int at = separator is null ? -1 : line.Span.IndexOf(separator);
            return at < 0
                ? template with { Value = value(line) }
                : template with { Key = key(line[..at]), Value = value(line[(at + separator!.Length)..]) };
        }
    }
}
