using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Tests.Unit.Controller;

/// <summary>A snapshot in memory.</summary>
internal sealed class FakeSnapshotWriter(LogPoint id) : ISnapshotWriter
{
    public LogPoint SnapshotId => id;

    public long SizeBytes => Records.Count;

    public List<IMetadataRecord> Records { get; } = [];

    public bool IsFrozen { get; private set; }

    public void Append(IReadOnlyList<VersionedRecord> records) =>
        Records.AddRange(records.Select(record => record.Record));

    public void Freeze() => IsFrozen = true;

    public void Dispose()
    {
    }
}
