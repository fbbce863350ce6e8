using System.Text;
using System.Text.Json;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli.Records;

/// <summary>Reads a record from the object that <see cref="JsonRecordFormat"/> writes: <c>key</c> and <c>value</c> as
/// text, or <c>keyBase64</c> and <c>valueBase64</c>; <c>headers</c>, <c>partition</c> and <c>timestamp</c> where
/// they are there. A value that is no text is sent as the JSON it is.</summary>
internal sealed class JsonParser : RecordParser
{
    public override ProducerRecord Parse(ReadOnlyMemory<byte> line, ProducerRecord template)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("a record is an object such as {\"key\": \"a\", \"value\": \"b\"}");
            }

            return template with
            {
                Key = Bytes(root, "key"),
                Value = Bytes(root, "value"),
                Partition = template.Partition ?? (root.TryGetProperty("partition", out JsonElement partition)
                    ? partition.GetInt32()
                    : null),
                TimestampMs = root.TryGetProperty("timestamp", out JsonElement timestamp)
                    ? timestamp.GetInt64()
                    : template.TimestampMs,
                Headers = root.TryGetProperty("headers", out JsonElement headers)
                    ? [.. template.Headers ?? [], .. headers.EnumerateArray().Select(header => new RecordHeader(
                        header.GetProperty("key").GetString()!, Bytes(header, "value")?.ToArray()))]
                    : template.Headers,
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"no record in JSON: {error.Message}", error);
        }
    }

    private static ReadOnlyMemory<byte>? Bytes(JsonElement owner, string name)
    {
        if (owner.TryGetProperty(name + "Base64", out JsonElement base64))
        {
            return base64.GetBytesFromBase64();
        }

        return owner.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => Encoding.UTF8.GetBytes(value.GetString()!),
                _ => Encoding.UTF8.GetBytes(value.GetRawText()),
            }
            : null;
    }
}
