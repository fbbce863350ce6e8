using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

internal static class RecordBytes
{
    /// <summary>A hash of the record as it would be written.</summary>
    public static ulong HashOf(IMetadataRecord record, short version)
    {
        var sizer = new WireSizer();
        record.AddSize(ref sizer, version);
        byte[] bytes = new byte[sizer.Total];
        var writer = new WireWriter(bytes);
        record.Write(ref writer, version);
        return ((ulong)(ushort)record.RecordKey << 48) ^ Crc32C.Compute(bytes);
    }
}
