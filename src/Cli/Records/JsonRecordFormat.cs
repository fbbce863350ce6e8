using System.Text;
using System.Text.Json;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli.Records;

/// <summary>Writes a record as one line of JSON; bytes that are no UTF-8 as base64 in a field of their own
/// name.</summary>
internal static class JsonRecordFormat
{
    public static void Write(Utf8JsonWriter json, PooledBytes output, in PrintedRecord record)
    {
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString("topic", record.Partition.Topic);
        json.WriteNumber("partition", record.Partition.Partition);
        json.WriteNumber("offset", record.Offset);
        json.WriteNumber("timestamp", record.TimestampMs);
        if (record.DeliveryCount is { } deliveries)
        {
            json.WriteNumber("deliveries", deliveries);
        }

        WriteBytes(json, "key", record.HasKey, record.Key);
        WriteBytes(json, "value", record.HasValue, record.Value);
        json.WriteStartArray("headers");
        foreach (RecordHeader header in record.Headers)
        {
            WriteHeader(json, header.Key.Span, header.Value is not null, header.Value.GetValueOrDefault().Span);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    public static void WriteHeaders(Utf8JsonWriter json, RecordHeaderEnumerator headers)
    {
        json.WriteStartArray("headers");
        foreach (RecordHeaderView header in headers)
        {
            WriteHeader(json, header.Key, header.HasValue, header.Value);
        }

        json.WriteEndArray();
    }

    private static void WriteHeader(
        Utf8JsonWriter json, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value)
    {
        json.WriteStartObject();
        json.WriteString("key", Encoding.UTF8.GetString(key));
        WriteBytes(json, "value", hasValue, value);
        json.WriteEndObject();
    }

    /// <summary>As text where it is UTF-8, else as base64 under the name with <c>Base64</c> behind it.</summary>
    public static void WriteBytes(Utf8JsonWriter json, string name, bool isPresent, ReadOnlySpan<byte> bytes)
    {
        if (!isPresent)
        {
            json.WriteNull(name);
        }
        else if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            json.WriteString(name, bytes);
        }
        else
        {
            json.WriteBase64String(name + "Base64", bytes);
        }
    }
}
