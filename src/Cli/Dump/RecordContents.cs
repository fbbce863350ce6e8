using System.Buffers.Binary;
using System.Text.Json;
using KRaftSharp.Cli.Records;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli.Dump;

/// <summary>Writes what a record says: bytes of a topic, a decision of the controller, or a marker of the log itself.
/// </summary>
internal static class RecordContents
{
    public static void WritePlain(Utf8JsonWriter json, in RecordView record)
    {
        json.WriteNumber("sequence", record.Sequence);
        JsonRecordFormat.WriteBytes(json, "key", record.HasKey, record.Key);
        JsonRecordFormat.WriteBytes(json, "value", record.HasValue, record.Value);
        JsonRecordFormat.WriteHeaders(json, record.Headers);
    }

    public static void WriteMetadata(Utf8JsonWriter json, in RecordView record)
    {
        if (MetadataRecordCodec.TryRead(
            record.Value.ToArray(), out IMetadataRecord? decoded, out short version, out WireError error))
        {
            json.WriteString("type", decoded!.GetType().Name);
            json.WriteNumber("version", version);
            json.WritePropertyName("data");
            decoded.WriteJson(json, version);
        }
        else
        {
            json.WriteString("error", $"no metadata record: {error.Fault} at byte {error.Position}");
            json.WriteBase64String("valueBase64", record.Value);
        }
    }

    public static void WriteControl(Utf8JsonWriter json, in RecordView record)
    {
        if (!ControlRecords.TryReadKey(record.Key, out ControlRecordType type))
        {
            json.WriteString("error", "no control record");
            json.WriteBase64String("keyBase64", record.Key);
            return;
        }

        json.WriteString("controlType", type.ToString());
        if (NewBody(type) is not { } body)
        {
            if (ControlRecords.TryReadEndTxnMarker(record.Value, out int coordinatorEpoch))
            {
                json.WriteNumber("coordinatorEpoch", coordinatorEpoch);
            }

            return;
        }

        // The body's first field says the version of the rest.
        short version = record.Value.Length < sizeof(short)
            ? body.LowestVersion
            : Math.Clamp(BinaryPrimitives.ReadInt16BigEndian(record.Value), body.LowestVersion, body.HighestVersion);
        WireReader reader = new(record.Value.ToArray());
        body.Read(ref reader, version);
        if (reader.HasError)
        {
            json.WriteString("error", $"{reader.Error.Fault} at byte {reader.Error.Position}");
            return;
        }

        json.WritePropertyName("data");
        body.WriteJson(json, version);
    }

    private static IMessage? NewBody(ControlRecordType type) => type switch
    {
        ControlRecordType.LeaderChange => new LeaderChangeMessage(),
        ControlRecordType.SnapshotHeader => new SnapshotHeaderRecord(),
        ControlRecordType.SnapshotFooter => new SnapshotFooterRecord(),
        ControlRecordType.KRaftVersion => new KRaftVersionRecord(),
        ControlRecordType.KRaftVoters => new VotersRecord(),
        _ => null,
    };
}
