using System.Buffers.Binary;
using System.Text.Json;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli.Dump;

/// <summary>Prints a snapshot of the producers of a partition: version, checksum of the rest, entries.</summary>
internal static class ProducerSnapshotDump
{
    private const int CrcAt = sizeof(short);
    private const int EntriesAt = CrcAt + sizeof(uint);

    public static bool Write(ReadOnlyMemory<byte> bytes, DumpOutput output)
    {
        if (bytes.Length < EntriesAt)
        {
            return output.Fault("the snapshot ends before its entries", bytes.Length);
        }

        short version = BinaryPrimitives.ReadInt16BigEndian(bytes.Span);
        uint crc = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[CrcAt..]);
        if (Crc32C.Compute(bytes.Span[EntriesAt..]) != crc)
        {
            return output.Fault("the checksum does not match", CrcAt);
        }

        ProducerSnapshot snapshot = new();
        WireReader reader = new(bytes[CrcAt..]);
        if (version != ProducerSnapshot.LowestVersion)
        {
            return output.Fault($"version {version} is not known", 0);
        }

        snapshot.Read(ref reader, version);
        if (reader.HasError)
        {
            return output.Fault($"{reader.Error.Fault}", reader.Error.Position);
        }

        foreach (ProducerSnapshot.ProducerEntry entry in snapshot.ProducerEntries)
        {
            Utf8JsonWriter json = output.Begin();
            json.WriteNumber("producerId", entry.ProducerId);
            json.WriteNumber("epoch", entry.Epoch);
            json.WriteNumber("lastSequence", entry.LastSequence);
            json.WriteNumber("lastOffset", entry.LastOffset);
            json.WriteNumber("offsetDelta", entry.OffsetDelta);
            json.WriteNumber("timestamp", entry.Timestamp);
            json.WriteNumber("coordinatorEpoch", entry.CoordinatorEpoch);
            json.WriteNumber("currentTxnFirstOffset", entry.CurrentTxnFirstOffset);
            output.End();
        }

        return true;
    }
}
