using System.Globalization;
using System.Text.Json;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Protocol;

/// <summary>Primitive types and hashes.</summary>
public sealed class GoldenVectorsPrimitivesTests
{
    private delegate void WriteValue(ref WireWriter writer, JsonElement value);

    private delegate object? ReadValue(ref WireReader reader);

    private static readonly Lazy<Dictionary<string, List<JsonElement>>> Vectors = new(() =>
        VectorFiles.Lines("primitives").GroupBy(line => line.GetProperty("type").GetString()!)
            .ToDictionary(group => group.Key, group => group.ToList()));

    public static TheoryData<string> Types => [.. Vectors.Value.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public void Primitive_IsKafkas(string type)
    {
        foreach (JsonElement line in Vectors.Value[type])
        {
            Exception? failure = Record.Exception(() => Check(type, line));
            Assert.True(failure is null, $"{line}: {failure}");
        }
    }

    private static void Check(string type, JsonElement line)
    {
        switch (type)
        {
            case "read-varint":
                CheckRead(line, (ref reader) => (long)reader.ReadVarint());
                break;
            case "read-varlong":
                CheckRead(line, (ref reader) => reader.ReadVarlong());
                break;
            case "read-unsigned-varint":
                CheckRead(line, (ref reader) => (long)reader.ReadUnsignedVarint());
                break;
            case "uuid" or "parse-uuid" or "uuid-order":
                CheckUuid(type, line);
                break;
            case "murmur2" or "crc32c" or "group-metadata-hash":
                CheckHash(type, line);
                break;
            case "coordinator-partition" or "share-coordinator-partition" or "remote-log-metadata-partition":
                CheckPartition(type, line);
                break;
            default:
                CheckValue(type, line);
                break;
        }
    }

    private static void CheckRead(JsonElement line, ReadValue read)
    {
        var reader = new WireReader(VectorFiles.Hex(line));
        object? value = read(ref reader);
        Assert.Equal(line.TryGetProperty("error", out _), reader.HasError);
        if (!reader.HasError)
        {
            Assert.Equal(line.GetProperty("value").GetInt64(), value);
            Assert.Equal(0, reader.Remaining);
        }
    }

    private static void CheckUuid(string type, JsonElement line)
    {
        if (type == "uuid-order")
        {
            Uuid[] sorted = [.. line.GetProperty("value").EnumerateArray().Select(id => Uuid.Parse(id.GetString()!))];
            Assert.Equal(sorted, sorted.Reverse().Order());
            return;
        }

        string text = line.GetProperty(type == "uuid" ? "value" : "text").GetString()!;
        Assert.Equal(!line.TryGetProperty("error", out _), Uuid.TryParse(text, out Uuid id));
        if (line.TryGetProperty("value", out JsonElement value))
        {
            Assert.Equal(value.GetString(), id.ToString());
        }

        if (type == "uuid")
        {
            var reader = new WireReader(VectorFiles.Hex(line));
            Assert.Equal(id, reader.ReadUuid());
            Assert.Equal(line.GetProperty("mostSignificantBits").GetInt64(), id.High);
            Assert.Equal(line.GetProperty("leastSignificantBits").GetInt64(), id.Low);
            Assert.Equal(line.GetProperty("javaHashCode").GetInt32(), id.GetHashCode());
        }
    }

    private static void CheckHash(string type, JsonElement line)
    {
        switch (type)
        {
            case "murmur2":
                byte[] key = VectorFiles.Hex(line);
                Assert.Equal(line.GetProperty("value").GetInt32(), Murmur2.Hash(key));
                CheckPartitions(line, count => Murmur2.PartitionOf(key, count));
                break;
            case "crc32c":
                Assert.Equal(line.GetProperty("value").GetUInt32(), Crc32C.Compute(VectorFiles.Hex(line)));
                break;
            default:
                var hashes = new Dictionary<string, long>();
                foreach (JsonElement topic in line.GetProperty("topics").EnumerateArray())
                {
                    string name = topic.GetProperty("name").GetString()!;
                    List<string[]> racks = [.. topic.GetProperty("racks").EnumerateArray()
                        .Select(partition => partition.EnumerateArray().Select(rack => rack.GetString()!).ToArray())];
                    hashes[name] = GroupMetadataHash.OfTopic(
                        Uuid.Parse(topic.GetProperty("id").GetString()!), name, racks);
                    Assert.Equal(topic.GetProperty("hash").GetInt64(), hashes[name]);
                }

                Assert.Equal(line.GetProperty("groupHash").GetInt64(), GroupMetadataHash.OfGroup(hashes));
                break;
        }
    }

    private static void CheckPartition(string type, JsonElement line)
    {
        if (type == "coordinator-partition")
        {
            string text = line.GetProperty("text").GetString()!;
            Assert.Equal(line.GetProperty("javaHashCode").GetInt32(), CoordinatorPartition.HashOf(text));
            CheckPartitions(line, count => CoordinatorPartition.Of(text, count));
            return;
        }

        Uuid topicId = Uuid.Parse(line.GetProperty("topicId").GetString()!);
        int partition = line.GetProperty("partition").GetInt32();
        Assert.Equal(line.GetProperty("partitionOf50").GetInt32(), type == "share-coordinator-partition"
            ? CoordinatorPartition.OfShare(line.GetProperty("group").GetString()!, topicId, partition, 50)
            : CoordinatorPartition.OfRemoteLog(topicId, partition, 50));
    }

    private static void CheckPartitions(JsonElement line, Func<int, int> partitionOf) =>
        Assert.All(line.GetProperty("partitionOf").EnumerateObject(), entry =>
            Assert.Equal(entry.Value.GetInt32(), partitionOf(int.Parse(entry.Name, CultureInfo.InvariantCulture))));

    private static void CheckValue(string type, JsonElement line)
    {
        bool compact = type.StartsWith("compact-", StringComparison.Ordinal);
        string plain = compact ? type["compact-".Length..] : type;
        (ReadValue read, WriteValue write) = plain is "string" or "nullable-string" or "bytes" or "nullable-bytes"
            ? TextCodec(plain, compact)
            : NumberCodec(plain, compact);

        byte[] expected = VectorFiles.Hex(line);
        byte[] target = new byte[expected.Length];
        var writer = new WireWriter(target);
        write(ref writer, line.GetProperty("value"));
        Assert.Equal(expected, target);
        Assert.Equal(expected.Length, writer.Position);

        var reader = new WireReader(expected);
        object? value = read(ref reader);
        Assert.Equal((WireFault.None, 0), (reader.Error.Fault, reader.Remaining));
        byte[] again = new byte[expected.Length];
        writer = new WireWriter(again);
        write(ref writer, JsonSerializer.SerializeToElement(value));
        Assert.Equal(expected, again);
    }

    private static (ReadValue Read, WriteValue Write) TextCodec(string type, bool compact) => type switch
    {
        "string" => ((ref r) => r.ReadString(compact), (ref w, v) => w.WriteString(v.GetString()!, compact)),
        "nullable-string" => (
            (ref r) => r.ReadNullableString(compact), (ref w, v) => w.WriteNullableString(v.GetString(), compact)),
        "bytes" => ((ref r) => r.ReadBytes(compact).ToArray(), (ref w, v) => w.WriteBytes(BytesOf(v)!.Value, compact)),
        _ => (
            (ref r) => r.ReadNullableBytes(compact)?.ToArray(),
            (ref w, v) => w.WriteNullableBytes(BytesOf(v), compact)),
    };

    private static (ReadValue Read, WriteValue Write) NumberCodec(string type, bool compact) => type switch
    {
        "int8" => ((ref r) => r.ReadInt8(), (ref w, v) => w.WriteInt8(v.GetSByte())),
        "int16" => ((ref r) => r.ReadInt16(), (ref w, v) => w.WriteInt16(v.GetInt16())),
        "uint16" => ((ref r) => r.ReadUInt16(), (ref w, v) => w.WriteUInt16(v.GetUInt16())),
        "int32" => ((ref r) => r.ReadInt32(), (ref w, v) => w.WriteInt32(v.GetInt32())),
        "uint32" => ((ref r) => r.ReadUInt32(), (ref w, v) => w.WriteUInt32(v.GetUInt32())),
        "int64" => ((ref r) => r.ReadInt64(), (ref w, v) => w.WriteInt64(v.GetInt64())),
        "bool" => ((ref r) => r.ReadBool(), (ref w, v) => w.WriteBool(v.GetBoolean())),
        "varint" => ((ref r) => r.ReadVarint(), (ref w, v) => w.WriteVarint(v.GetInt32())),
        "varlong" => ((ref r) => r.ReadVarlong(), (ref w, v) => w.WriteVarlong(v.GetInt64())),
        "unsigned-varint" => ((ref r) => r.ReadUnsignedVarint(), (ref w, v) => w.WriteUnsignedVarint(v.GetUInt32())),
        "float64" => (
            (ref r) => r.ReadFloat64() is var d && double.IsFinite(d) ? d : NameOf(d),
            (ref w, v) => w.WriteFloat64(MessageJson.DoubleOf(v))),
        "array-int32" => (
            (ref r) => WireLists.ReadNullable<int, IntElement>(ref r, null, compact, true),
            (ref w, v) => WireLists.Write<int, IntElement>(ref w, ListOf(v), compact, true)),
        _ => throw new ArgumentException(type, nameof(type)),
    };

    private static object NameOf(double value) =>
        double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    private static ReadOnlyMemory<byte>? BytesOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null ? default(ReadOnlyMemory<byte>?) : value.GetBytesFromBase64();

    private static List<int>? ListOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null ? null : [.. value.EnumerateArray().Select(item => item.GetInt32())];
}
