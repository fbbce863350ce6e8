using System.Buffers.Text;
using System.Text;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli.Records;

/// <summary>How a consumed record is printed: text with <c>%</c> letters, as kcat's users know them.</summary>
/// <remarks><c>%s</c> value, <c>%x</c> value in hexadecimal, <c>%k</c> key, <c>%t</c> topic, <c>%p</c>
/// partition, <c>%o</c> offset, <c>%T</c> timestamp
/// in milliseconds, <c>%h</c> headers, <c>%S</c> and <c>%K</c> lengths of value and key (-1: null),
/// <c>%d</c> how often it was delivered (share groups), <c>%%</c>;
/// <c>\n</c>
/// and <c>\t</c>.</remarks>
internal sealed class RecordFormat
{
    public const string Default = "string";
    public const string Json = "json";
    private const string Letters = "sxktpoThSKd";
    private const string HexDigits = "0123456789abcdef";

    private readonly List<(byte[]? Text, char Letter)> _parts = [];

    /// <exception cref="ArgumentException">A letter has no meaning.</exception>
    public RecordFormat(string format)
    {
        format = format switch { Default => "%s\\n", "hex" => "%x\\n", _ => format };
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            char next = i + 1 < format.Length ? format[i + 1] : '\0';
            if (format[i] == '\\' && next is 'n' or 't' or '\\')
            {
                text.Append(next switch { 'n' => '\n', 't' => '\t', _ => '\\' });
                i++;
            }
            else if (format[i] == '%' && next == '%')
            {
                text.Append('%');
                i++;
            }
            else if (format[i] == '%')
            {
                Flush(text);
                _parts.Add(Letters.Contains(next, StringComparison.Ordinal)
                    ? (null, next)
                    : throw new ArgumentException(
                        $"--format: %{next} has no meaning (known: %s %x %k %t %p %o %T %h %S %K %d %%)"));
                i++;
            }
            else
            {
                text.Append(format[i]);
            }
        }

        Flush(text);
    }

    public void Write(PooledBytes output, in PrintedRecord record)
    {
        foreach ((byte[]? text, char letter) in _parts)
        {
            switch (letter)
            {
                case '\0':
                    output.Write(text);
                    break;
                case 's':
                    output.Write(record.Value);
                    break;
                case 'x':
                    WriteHex(output, record.Value);
                    break;
                case 'k':
                    output.Write(record.Key);
                    break;
                case 't':
                    output.Write(Encoding.UTF8.GetBytes(record.Partition.Topic));
                    break;
                case 'h':
                    WriteHeaders(output, record.Headers);
                    break;
                default:
                    Write(output, letter switch
                    {
                        'p' => record.Partition.Partition,
                        'o' => record.Offset,
                        'T' => record.TimestampMs,
                        'd' => record.DeliveryCount ?? 1,
                        'S' => record.HasValue ? record.Value.Length : -1,
                        _ => record.HasKey ? record.Key.Length : -1,
                    });
                    break;
            }
        }
    }

    private void Flush(StringBuilder text)
    {
        if (text.Length > 0)
        {
            _parts.Add((Encoding.UTF8.GetBytes(text.ToString()), '\0'));
            text.Clear();
        }
    }

    private static void Write(PooledBytes output, long number)
    {
        const int mostDigits = 20;
        Utf8Formatter.TryFormat(number, output.GetSpan(mostDigits), out int written);
        output.Advance(written);
    }

    private static void WriteHex(PooledBytes output, ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            output.WriteByte((byte)HexDigits[one >> 4]);
            output.WriteByte((byte)HexDigits[one & 15]);
        }
    }

    private static void WriteHeaders(PooledBytes output, IReadOnlyList<RecordHeader> headers)
    {
        bool isFirst = true;
        foreach (RecordHeader header in headers)
        {
            if (!isFirst)
            {
                output.WriteByte((byte)',');
            }

            isFirst = false;
            output.Write(header.Key.Span);
            output.WriteByte((byte)'=');
            output.Write(header.Value is { } value ? value.Span : "NULL"u8);
        }
    }
}
