using System.Text.Encodings.Web;
using System.Text.Json;
using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Cli.Records;

/// <summary>Prints consumed records in the form that was asked for, many at a time.</summary>
internal sealed class RecordPrinter : IAsyncDisposable
{
    public const string Json = "json";
    public const string MessagePack = "msgpack";
    private const int FlushBytes = 64 * 1024;

    private readonly Stream _output;
    private readonly RecordFormat? _text;
    private readonly bool _isMessagePack;
    private readonly PooledBytes _line = new(2 * FlushBytes);
    private readonly PooledBytes _value = new();
    private readonly Utf8JsonWriter _json;

    /// <exception cref="ArgumentException">The format has letters without a meaning.</exception>
    public RecordPrinter(string format, Stream output)
    {
        _output = output;
        _isMessagePack = format == MessagePack;
        _text = format is Json or MessagePack ? null : new RecordFormat(format);
        _json = new Utf8JsonWriter(
            _line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <exception cref="FormatException">The value is not in the form that it should have.</exception>
    public void Print(in PrintedRecord record)
    {
        if (_text is not null)
        {
            _text.Write(_line, record);
        }
        else if (_isMessagePack)
        {
            PrintMessagePack(record);
        }
        else
        {
            JsonRecordFormat.Write(_json, _line, record);
        }

        if (_line.Length >= FlushBytes)
        {
            WriteOut();
        }
    }

    public async Task FlushAsync(CancellationToken cancellation)
    {
        WriteOut();
        await _output.FlushAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _json.Reset(Stream.Null); // what was begun and failed is not written
        await _json.DisposeAsync();
        _line.Dispose();
        _value.Dispose();
    }

    private void PrintMessagePack(in PrintedRecord record)
    {
        _value.Clear();
        _json.Reset(_value);
        try
        {
            if (record.HasValue)
            {
                MessagePackJson.Write(_json, record.Value);
            }
            else
            {
                _json.WriteNullValue();
            }
        }
        catch (FormatException error)
        {
            throw new FormatException($"{record.Partition} offset {record.Offset}: {error.Message}", error);
        }

        _json.Flush();
        _line.Write(_value.WrittenSpan);
        _line.WriteByte((byte)'\n');
    }

    private void WriteOut()
    {
        _output.Write(_line.WrittenSpan);
        _line.Clear();
    }
}
