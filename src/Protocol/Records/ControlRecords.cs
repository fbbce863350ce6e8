using System.Buffers.Binary;

namespace KRaftSharp.Protocol.Records;

/// <summary>Keys and bodies of control records: a key is int16 version (0) and int16 type.</summary>
public static class ControlRecords
{
    /// <summary>Bytes of a key that this version writes; longer ones may come.</summary>
    public const int KeySize = 4;

    private const int EndTxnMarkerSize = 6;

    /// <summary>The type a key names; <see cref="ControlRecordType.Unknown"/> for types of a later time.</summary>
    /// <returns>False when the bytes are no key of a control record.</returns>
    public static bool TryReadKey(ReadOnlySpan<byte> key, out ControlRecordType type)
    {
        type = ControlRecordType.Unknown;
        if (key.Length < KeySize || BinaryPrimitives.ReadInt16BigEndian(key) < 0)
        {
            return false;
        }

        short id = BinaryPrimitives.ReadInt16BigEndian(key[sizeof(short)..]);
        type = id is >= (short)ControlRecordType.Abort and <= (short)ControlRecordType.KRaftVoters
            ? (ControlRecordType)id
            : ControlRecordType.Unknown;
        return true;
    }

    /// <summary>The key of a control record of this type.</summary>
    public static byte[] MakeKey(ControlRecordType type)
    {
        byte[] key = new byte[KeySize];
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(sizeof(short)), (short)type);
        return key;
    }

    /// <summary>The coordinator epoch in the body of a commit or abort marker.</summary>
    public static bool TryReadEndTxnMarker(ReadOnlySpan<byte> value, out int coordinatorEpoch)
    {
        coordinatorEpoch = 0;
        if (value.Length < EndTxnMarkerSize || BinaryPrimitives.ReadInt16BigEndian(value) < 0)
        {
            return false;
        }

        coordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(value[sizeof(short)..]);
        return true;
    }

    /// <summary>Appends one control record to a batch that was opened for control records.</summary>
    public static void Append(
        RecordBatchBuilder batch, long timestampMs, ControlRecordType type, ReadOnlyMemory<byte> body) =>
        batch.Append(timestampMs, MakeKey(type), body);

    /// <summary>Appends the marker that ends a transaction.</summary>
    public static void AppendEndTxnMarker(
        RecordBatchBuilder batch, long timestampMs, bool isCommit, int coordinatorEpoch)
    {
        byte[] body = new byte[EndTxnMarkerSize];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(sizeof(short)), coordinatorEpoch);
        Append(batch, timestampMs, isCommit ? ControlRecordType.Commit : ControlRecordType.Abort, body);
    }
}
