using System.Text.Json;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Protocol;

/// <summary>Every message at every version: Kafka's bytes give Kafka's values, and the values the bytes.</summary>
public sealed class GoldenVectorsMessagesTests
{
    private static readonly Lazy<Dictionary<string, List<JsonElement>>> Vectors = new(() => VectorFiles.OfMessages
        .SelectMany(VectorFiles.Lines)
        .GroupBy(line => line.GetProperty("message").GetString()!)
        .ToDictionary(group => group.Key, group => group.ToList()));

    public static TheoryData<string> Messages => [.. Vectors.Value.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Bytes_WhenDecoded_GiveTheValuesAndTags(string message) => Each(message, line =>
    {
        IMessage decoded = Decode(message, line);
        Assert.Null(MessageJson.Difference(line.GetProperty("json"), MessageJson.Write(decoded, VersionOf(line))));
        if (line.TryGetProperty("unknownTags", out JsonElement tags))
        {
            Assert.All(tags.EnumerateArray(), tag =>
            {
                object at = MessageJson.At(decoded, tag.GetProperty("at").GetString()!);
                var kept = (TaggedFields?)at.GetType().GetProperty("UnknownTags")!.GetValue(at);
                TaggedField field = kept!.Single(other => other.Tag == tag.GetProperty("tag").GetInt32());
                Assert.Equal(VectorFiles.Hex(tag), field.Data.ToArray());
            });
        }
    });

    [Theory]
    [MemberData(nameof(Messages))]
    public void Bytes_DecodedAndEncoded_AreTheSame(string message) => Each(message, line =>
        AssertEncodes(line, Decode(message, line)));

    [Theory]
    [MemberData(nameof(Messages))]
    public void Bytes_DecodedOverAnotherMessage_LeaveNothingOfIt(string message)
    {
        IMessage reused = MessageTypes.New(message);
        Each(message, line =>
        {
            Assert.True(MessageCodec.TryDecode(VectorFiles.Hex(line), VersionOf(line), reused, out WireError error),
                error.ToString());
            AssertEncodes(line, reused);
        });
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Values_WhenEncoded_GiveTheBytesAndTheirSize(string message) => Each(message, line =>
        AssertEncodes(line, Build(message, line)));

    [Theory]
    [MemberData(nameof(Messages))]
    public void Values_WhenFramed_GiveTheStoredBytes(string message) => Each(message, line =>
    {
        if (line.TryGetProperty("framing", out JsonElement framing))
        {
            byte[] framed = VectorFiles.Hex(line, "framed");
            IMessage built = Build(message, line);
            Assert.Equal(framed, Frame(built, framing.GetString()!, VersionOf(line)));
            AssertUnframes(framed, built, framing.GetString()!, VersionOf(line));
        }
    });

    [Theory]
    [MemberData(nameof(Messages))]
    public void DroppedFields_SetToAnything_LeaveTheBytes(string message) => Each(message, line =>
    {
        if (line.TryGetProperty("dropped", out JsonElement dropped))
        {
            IMessage built = Build(message, line);
            foreach (JsonElement field in dropped.EnumerateArray())
            {
                object at = MessageJson.At(built, field.GetProperty("at").GetString()!);
                SetToOther.Value(at, MessageJson.PropertyOf(at, field.GetProperty("field").GetString()!));
            }

            AssertEncodes(line, built);
        }
    });

    [Fact]
    public void Vectors_NameEveryMessage() =>
        Assert.Empty(MessageTypes.Names.Except(Vectors.Value.Keys));

    private static void Each(string message, Action<JsonElement> check)
    {
        foreach (JsonElement line in Vectors.Value[message])
        {
            Exception? failure = Record.Exception(() => check(line));
            Assert.True(failure is null, $"{VectorFiles.Describe(line)}: {failure}");
        }
    }

    private static short VersionOf(JsonElement line) => line.GetProperty("version").GetInt16();

    private static IMessage Decode(string message, JsonElement line)
    {
        IMessage decoded = MessageTypes.New(message);
        Assert.True(MessageCodec.TryDecode(VectorFiles.Hex(line), VersionOf(line), decoded, out WireError error),
            error.ToString());
        return decoded;
    }

    private static IMessage Build(string message, JsonElement line)
    {
        IMessage built = MessageTypes.New(message);
        MessageJson.Fill(built, line.GetProperty("json"));
        if (line.TryGetProperty("unknownTags", out _))
        {
            MessageJson.AddTags(built, line);
        }

        return built;
    }

    private static void AssertEncodes(JsonElement line, IMessage message)
    {
        byte[] expected = VectorFiles.Hex(line);
        Assert.Equal(expected.Length, MessageCodec.SizeOf(message, VersionOf(line)));
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(MessageCodec.Encode(message, VersionOf(line))));
    }

    private static byte[] Frame(IMessage message, string framing, short version) => framing switch
    {
        "api-message" => MetadataRecordCodec.Encode((IMetadataRecord)message, version),
        "type-prefix" => CoordinatorRecordCodec.EncodeKey((ICoordinatorRecord)message),
        "version-prefix" => VersionPrefixCodec.Encode(message, version),
        _ => throw new ArgumentException(framing, nameof(framing)),
    };

    private static void AssertUnframes(byte[] framed, IMessage expected, string framing, short version)
    {
        WireError error = default;
        short readVersion = 0;
        IMessage? read = null;
        switch (framing)
        {
            case "api-message":
                var record = (IMetadataRecord)expected;
                bool isOfQuorum = MessageFactory.NewMetadataRecord(record.RecordKey)?.GetType() == expected.GetType();
                MetadataRecordCodec.TryRead(
                    framed,
                    isOfQuorum ? MessageFactory.NewMetadataRecord : MessageFactory.NewRemoteLogRecord,
                    out IMetadataRecord? readRecord,
                    out readVersion,
                    out error);
                read = readRecord;
                break;
            case "type-prefix":
                CoordinatorRecordCodec.TryDecodeKey(KindOf(expected), framed, out ICoordinatorRecord? key, out error);
                read = key;
                break;
            default:
                read = MessageTypes.New(expected.GetType().Name);
                VersionPrefixCodec.TryDecode(framed, read, out readVersion, out error);
                break;
        }

        Assert.Equal(WireFault.None, error.Fault);
        Assert.Equal(version, readVersion);
        Assert.Equal(MessageCodec.Encode(expected, version), MessageCodec.Encode(read!, version));
        Assert.Equal(expected.GetType(), read!.GetType());
    }

    private static CoordinatorKind KindOf(IMessage key) =>
        Enum.GetValues<CoordinatorKind>().Single(kind => CoordinatorRecordCodec.TryDecodeKey(
            kind, CoordinatorRecordCodec.EncodeKey((ICoordinatorRecord)key), out ICoordinatorRecord? read, out _)
            && read!.GetType() == key.GetType());
}
