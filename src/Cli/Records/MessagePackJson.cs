using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MessagePack;

namespace KRaftSharp.Cli.Records;

/// <summary>MessagePack seen as JSON, and JSON written as MessagePack.</summary>
/// <remarks>What JSON has no word for: bytes are base64, extensions <c>{"type": 5, "base64": "..."}</c>, timestamps
/// text by ISO 8601, keys of maps that are no text their JSON as text, numbers that are none null.</remarks>
internal static class MessagePackJson
{
    // Deeper than any sensible value; what comes from a topic is not trusted.
    private const int MostDepth = 64;

    /// <exception cref="FormatException">The bytes are no single value in MessagePack.</exception>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        try
        {
            MessagePackReader reader = new(copy);
            Write(json, ref reader, MostDepth);
            if (!reader.End)
            {
                throw new FormatException("more bytes follow the MessagePack value");
            }
        }
        catch (Exception error) when (error is MessagePackSerializationException or EndOfStreamException
            or OverflowException or ArgumentOutOfRangeException)
        {
            throw new FormatException($"the bytes are no MessagePack: {error.Message}", error);
        }
    }

    /// <exception cref="FormatException">The text is no JSON.</exception>
    public static ReadOnlyMemory<byte> FromJson(ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            ArrayBufferWriter<byte> output = new();
            MessagePackWriter writer = new(output);
            Write(ref writer, document.RootElement);
            writer.Flush();
            return output.WrittenMemory;
        }
        catch (JsonException error)
        {
            throw new FormatException($"no JSON to send as MessagePack: {error.Message}", error);
        }
    }

    private static void Write(Utf8JsonWriter json, ref MessagePackReader reader, int depth)
    {
        if (depth == 0)
        {
            throw new FormatException($"the MessagePack value is deeper than {MostDepth}");
        }

        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                json.WriteNullValue();
                break;
            case MessagePackType.Boolean:
                json.WriteBooleanValue(reader.ReadBoolean());
                break;
            case MessagePackType.Integer when reader.NextCode == MessagePackCode.UInt64:
                json.WriteNumberValue(reader.ReadUInt64());
                break;
            case MessagePackType.Integer:
                json.WriteNumberValue(reader.ReadInt64());
                break;
            case MessagePackType.Float:
                WriteFloat(json, ref reader);
                break;
            case MessagePackType.String:
                json.WriteStringValue(reader.ReadStringSequence().GetValueOrDefault().ToArray());
                break;
            case MessagePackType.Binary:
                json.WriteBase64StringValue(reader.ReadBytes().GetValueOrDefault().ToArray());
                break;
            case MessagePackType.Array:
                json.WriteStartArray();
                for (int left = reader.ReadArrayHeader(); left > 0; left--)
                {
                    Write(json, ref reader, depth - 1);
                }

                json.WriteEndArray();
                break;
            case MessagePackType.Map:
                json.WriteStartObject();
                for (int left = reader.ReadMapHeader(); left > 0; left--)
                {
                    json.WritePropertyName(ReadName(ref reader, depth - 1));
                    Write(json, ref reader, depth - 1);
                }

                json.WriteEndObject();
                break;
            case MessagePackType.Extension:
                WriteExtension(json, ref reader);
                break;
            default:
                throw new FormatException($"0x{reader.NextCode:x2} begins no MessagePack value");
        }
    }

    private static void WriteFloat(Utf8JsonWriter json, ref MessagePackReader reader)
    {
        bool isSingle = reader.NextCode == MessagePackCode.Float32;
        double number = reader.ReadDouble();
        if (!double.IsFinite(number))
        {
            json.WriteNullValue();
        }
        else if (isSingle)
        {
            json.WriteNumberValue((float)number);
        }
        else
        {
            json.WriteNumberValue(number);
        }
    }

    private static void WriteExtension(Utf8JsonWriter json, ref MessagePackReader reader)
    {
        MessagePackReader ahead = reader.CreatePeekReader();
        ExtensionHeader header = ahead.ReadExtensionFormatHeader();
        if (header.TypeCode == ReservedMessagePackExtensionTypeCode.DateTime)
        {
            json.WriteStringValue(reader.ReadDateTime());
            return;
        }

        ExtensionResult extension = reader.ReadExtensionFormat();
        json.WriteStartObject();
        json.WriteNumber("type", extension.TypeCode);
        json.WriteBase64String("base64", extension.Data.ToArray());
        json.WriteEndObject();
    }

    private static string ReadName(ref MessagePackReader reader, int depth)
    {
        if (reader.NextMessagePackType == MessagePackType.String)
        {
            return reader.ReadString() ?? "";
        }

        using MemoryStream name = new();
        using (Utf8JsonWriter json = new(name))
        {
            Write(json, ref reader, depth);
        }

        return Encoding.UTF8.GetString(name.ToArray());
    }

    private static void Write(ref MessagePackWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteMapHeader(element.EnumerateObject().Count());
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    writer.Write(property.Name);
                    Write(ref writer, property.Value);
                }

                break;
            case JsonValueKind.Array:
                writer.WriteArrayHeader(element.GetArrayLength());
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Write(ref writer, item);
                }

                break;
            case JsonValueKind.String:
                writer.Write(element.GetString());
                break;
            case JsonValueKind.Number when element.TryGetInt64(out long whole):
                writer.Write(whole);
                break;
            case JsonValueKind.Number when element.TryGetUInt64(out ulong large):
                writer.Write(large);
                break;
            case JsonValueKind.Number:
                writer.Write(double.Parse(element.GetRawText(), CultureInfo.InvariantCulture));
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Write(element.GetBoolean());
                break;
            default:
                writer.WriteNil();
                break;
        }
    }
}
