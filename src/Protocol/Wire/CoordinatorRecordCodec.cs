using System.Buffers.Binary;

namespace KRaftSharp.Protocol;

/// <summary>Keys and values of the coordinators' topics: a key is its type, an int16, and its fields at version 0; a
/// value is its version, an int16, and its fields.</summary>
public static class CoordinatorRecordCodec
{
    public static byte[] EncodeKey(ICoordinatorRecord key)
    {
        byte[] bytes = new byte[sizeof(short) + MessageCodec.SizeOf(key, 0)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, key.RecordKey);
        MessageCodec.Write(key, 0, bytes.AsSpan(sizeof(short)));
        return bytes;
    }

    public static byte[] EncodeValue(ICoordinatorRecord value, short version) =>
        VersionPrefixCodec.Encode(value, version);

    /// <summary>False also for types that this program does not know: those are to be skipped.</summary>
    public static bool TryDecodeKey(
        CoordinatorKind kind, ReadOnlyMemory<byte> bytes, out ICoordinatorRecord? key, out WireError error)
    {
        var reader = new WireReader(bytes);
        short type = reader.ReadInt16();
        key = reader.HasError ? null : NewKey(kind, type);
        if (key is null)
        {
            reader.Fail(WireFault.UnknownMessage);
            error = reader.Error;
            return false;
        }

        if (MessageCodec.TryRead(ref reader, 0, key, out error))
        {
            return true;
        }

        key = null;
        return false;
    }

    /// <param name="type">The type that the record's key has.</param>
    public static bool TryDecodeValue(
        CoordinatorKind kind,
        short type,
        ReadOnlyMemory<byte> bytes,
        out ICoordinatorRecord? value,
        out short version,
        out WireError error)
    {
        version = 0;
        value = NewValue(kind, type);
        if (value is null)
        {
            error = new WireError(WireFault.UnknownMessage, 0);
            return false;
        }

        if (VersionPrefixCodec.TryDecode(bytes, value, out version, out error))
        {
            return true;
        }

        value = null;
        return false;
    }

    private static ICoordinatorRecord? NewKey(CoordinatorKind kind, short type) => kind switch
    {
        CoordinatorKind.Group => MessageFactory.NewGroupKey(type),
        CoordinatorKind.Transaction => MessageFactory.NewTransactionKey(type),
        CoordinatorKind.Share => MessageFactory.NewShareKey(type),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static ICoordinatorRecord? NewValue(CoordinatorKind kind, short type) => kind switch
    {
        CoordinatorKind.Group => MessageFactory.NewGroupValue(type),
        CoordinatorKind.Transaction => MessageFactory.NewTransactionValue(type),
        CoordinatorKind.Share => MessageFactory.NewShareValue(type),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
