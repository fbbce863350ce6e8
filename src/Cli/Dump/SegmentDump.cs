using System.Buffers.Binary;
using System.Text.Json;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;
using Microsoft.Win32.SafeHandles;

namespace KRaftSharp.Cli.Dump;

/// <summary>Prints the batches of a segment or of a metadata snapshot, and their records.</summary>
internal static class SegmentDump
{
    /// <returns>False when the file holds anything but sound batches, up to its end.</returns>
    public static bool Write(string path, bool isMetadata, bool deep, DumpOutput output)
    {
        using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(file);
        byte[] head = new byte[RecordBatchLayout.LogOverhead];
        bool isSound = true;
        for (long at = 0; at < length;)
        {
            if (RandomAccess.Read(file, head, at) < head.Length)
            {
                return output.Fault("the file ends within a batch", at);
            }

            long size = RecordBatchLayout.LogOverhead
                + (long)BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(RecordBatchLayout.LengthAt));
            if (size < RecordBatchLayout.HeaderSize || size > Math.Min(length - at, Array.MaxLength))
            {
                return output.Fault($"a batch claims {size} bytes", at);
            }

            byte[] bytes = new byte[size];
            RandomAccess.Read(file, bytes, at);
            if (!RecordBatchView.TryParse(bytes, out RecordBatchView batch))
            {
                return output.Fault("no batch of message format 2", at);
            }

            isSound &= WriteBatch(batch, at, output);
            if (deep || isMetadata)
            {
                isSound &= WriteRecords(batch, isMetadata, at, output);
            }

            at += size;
        }

        return isSound;
    }

    private static bool WriteBatch(RecordBatchView batch, long position, DumpOutput output)
    {
        bool isValid = batch.IsCrcValid();
        Utf8JsonWriter json = output.Begin();
        json.WriteNumber("baseOffset", batch.BaseOffset);
        json.WriteNumber("lastOffset", batch.LastOffset);
        json.WriteNumber("count", batch.RecordCount);
        json.WriteNumber("baseSequence", batch.BaseSequence);
        json.WriteNumber("lastSequence", batch.LastSequence);
        json.WriteNumber("producerId", batch.ProducerId);
        json.WriteNumber("producerEpoch", batch.ProducerEpoch);
        json.WriteNumber("partitionLeaderEpoch", batch.PartitionLeaderEpoch);
        json.WriteBoolean("isTransactional", batch.IsTransactional);
        json.WriteBoolean("isControl", batch.IsControl);
        json.WriteNumber("position", position);
        json.WriteString("timestampType", batch.TimestampType.ToString());
        json.WriteNumber("maxTimestamp", batch.MaxTimestamp);
        if (batch.DeleteHorizonMs is { } horizon)
        {
            json.WriteNumber("deleteHorizonMs", horizon);
        }

        json.WriteNumber("size", batch.SizeInBytes);
        json.WriteString("compression", PayloadCodecs.NameOf(batch.Compression));
        json.WriteNumber("crc", batch.Crc);
        json.WriteBoolean("isValid", isValid);
        output.End();
        return isValid;
    }

    private static bool WriteRecords(RecordBatchView batch, bool isMetadata, long position, DumpOutput output)
    {
        using RecordReader records = new(batch);
        while (records.MoveNext())
        {
            Utf8JsonWriter json = output.Begin();
            json.WriteNumber("offset", records.Current.Offset);
            json.WriteNumber("timestamp", records.Current.Timestamp);
            if (batch.IsControl)
            {
                RecordContents.WriteControl(json, records.Current);
            }
            else if (isMetadata)
            {
                RecordContents.WriteMetadata(json, records.Current);
            }
            else
            {
                RecordContents.WritePlain(json, records.Current);
            }

            output.End();
        }

        return records.Fault == RecordFault.None || output.Fault($"records cannot be read: {records.Fault}", position);
    }
}
