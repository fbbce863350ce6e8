namespace KRaftSharp.Protocol;

/// <summary>Metadata records as they stand in the quorum's log: frame version 1, type and version as unsigned varints,
/// then the fields.</summary>
public static class MetadataRecordCodec
{
    private const uint FrameVersion = 1;

    public static int SizeOf(IMetadataRecord record, short version) =>
        WireVarint.SizeOf(FrameVersion) + WireVarint.SizeOf((uint)record.RecordKey) + WireVarint.SizeOf((uint)version)
        + MessageCodec.SizeOf(record, version);

    /// <summary>Writes into the start of <paramref name="target"/> and gives the number of bytes.</summary>
    public static int Write(IMetadataRecord record, short version, Span<byte> target)
    {
        var writer = new WireWriter(target);
        writer.WriteUnsignedVarint(FrameVersion);
        writer.WriteUnsignedVarint((uint)record.RecordKey);
        writer.WriteUnsignedVarint((uint)version);
        record.Write(ref writer, version);
        return writer.Position;
    }

    public static byte[] Encode(IMetadataRecord record, short version)
    {
        byte[] bytes = new byte[SizeOf(record, version)];
        Write(record, version, bytes);
        return bytes;
    }

    /// <summary>Byte fields stay slices of <paramref name="bytes"/>.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes, out IMetadataRecord? record, out short version, out WireError error) =>
        TryRead(bytes, MessageFactory.NewMetadataRecord, out record, out version, out error);

    /// <summary>The same for records of another registry, such as those of tiered storage.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes,
        Func<short, IMetadataRecord?> factory,
        out IMetadataRecord? record,
        out short version,
        out WireError error)
    {
        var reader = new WireReader(bytes);
        uint frame = reader.ReadUnsignedVarint();
        if (frame != FrameVersion)
        {
            reader.Fail(WireFault.UnsupportedVersion);
        }

        uint key = reader.ReadUnsignedVarint();
        uint versionNumber = reader.ReadUnsignedVarint();
        version = (short)Math.Min(versionNumber, (uint)short.MaxValue);
        record = reader.HasError || key > (uint)short.MaxValue ? null : factory((short)key);
        if (record is null)
        {
            reader.Fail(WireFault.UnknownMessage);
            error = reader.Error;
            return false;
        }

        if (MessageCodec.TryRead(ref reader, version, record, out error))
        {
            return true;
        }

        record = null;
        return false;
    }
}
