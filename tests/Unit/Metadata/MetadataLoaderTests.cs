using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Tests.Unit.Controller;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Tests.Unit.Metadata;

public sealed class MetadataLoaderTests
{
    private readonly FakeQuorum _quorum = new(1);
    private readonly ImageRecorder _recorder = new();
    private readonly MetadataLoader _loader;

    public MetadataLoaderTests()
    {
        _loader = new MetadataLoader(
            new MetadataLoaderSettings { MaxRecordBytesBetweenSnapshots = 300 }, _quorum, new Strand(),
            new ManualTime(), NullLogger.Instance);
        _quorum.Register(_loader);
    }

    [Fact]
    public void Subscriber_BeforeAnythingIsCommitted_HearsOfTheFirstImage()
    {
        _loader.Subscribe(_recorder);
        Assert.Empty(_recorder.Updates);

        _quorum.AppendByOther(new TopicRecord { Name = "t", TopicId = new Uuid(1, 1) });

        Assert.True(Assert.Single(_recorder.Updates).Image.Topics.TryGet("t", out _));
    }

    [Fact]
    public void Subscriber_LateOne_GetsEverythingAsNew()
    {
        _quorum.AppendByOther(new TopicRecord { Name = "t", TopicId = new Uuid(1, 1) });
        _quorum.AppendByOther(new TopicRecord { Name = "u", TopicId = new Uuid(2, 2) });

        _loader.Subscribe(_recorder);

        Assert.Equal(2, Assert.Single(_recorder.Updates).Delta.Topics.Changed.Count);
    }

    [Fact]
    public void Transaction_OverSeveralBatches_IsSeenAtItsEnd()
    {
        _quorum.AppendByOther(new NoOpRecord());
        _loader.Subscribe(_recorder);
        _quorum.AppendByOther(new BeginTransactionRecord(), new TopicRecord { Name = "t", TopicId = new Uuid(1, 1) });
        _quorum.AppendByOther(new TopicRecord { Name = "u", TopicId = new Uuid(2, 2) });
        Assert.Equal(0, _loader.Current.Topics.Count);

        _quorum.AppendByOther(new EndTransactionRecord());

        Assert.Equal(2, _loader.Current.Topics.Count);
        Assert.Equal(2, _recorder.Updates[^1].Delta.Topics.Changed.Count);
    }

    [Fact]
    public void Snapshot_Loaded_IsTheDifferenceToWhatWasThere()
    {
        _quorum.AppendByOther(new TopicRecord { Name = "t", TopicId = new Uuid(1, 1) });
        _loader.Subscribe(_recorder);

        _loader.HandleLoadSnapshot(new FakeSnapshot(
            new LogPoint(2, 50), new TopicRecord { Name = "u", TopicId = new Uuid(2, 2) }));

        (MetadataDelta delta, MetadataImage image) = _recorder.Updates[^1];
        Assert.Equal(new Uuid(1, 1), Assert.Single(delta.Topics.Deleted).Key);
        Assert.True(Assert.Single(delta.Topics.Changed).Value.IsNew);
        Assert.Equal(new LogPoint(2, 50), image.Provenance);
    }

    [Fact]
    public void Snapshot_AtOffsetZero_IsNotTheLoaders()
    {
        _loader.Subscribe(_recorder);

        _loader.HandleLoadSnapshot(new FakeSnapshot(
            new LogPoint(0, 0), new FeatureLevelRecord { Name = MetadataVersion.FeatureName, FeatureLevel = 33 }));

        Assert.Empty(_recorder.Updates);
    }

    [Fact]
    public void Snapshot_EnoughBytesSinceTheLast_IsWrittenAndGivesTheImage()
    {
        for (int i = 1; i <= 3; i++)
        {
            Assert.Empty(_quorum.Snapshots);
            _quorum.AppendByOther(new TopicRecord { Name = $"t{i}", TopicId = new Uuid(i, i) });
        }

        FakeSnapshotWriter written = Assert.Single(_quorum.Snapshots);
        Assert.True(written.IsFrozen);
        Assert.Equal(3, written.SnapshotId.EndOffset);
        MetadataDelta delta = new(MetadataImage.Empty);
        written.Records.ForEach(delta.Replay);
        Assert.Equal(3, delta.Apply(written.SnapshotId, 0).Topics.Count);
    }

    private sealed class FakeSnapshot(LogPoint id, params IMetadataRecord[] records) : ISnapshotReader
    {
        private bool _isRead;

        public LogPoint SnapshotId => id;

        public long LastContainedTimestampMs => 5;

        public long SizeBytes => 1;

        public IReadOnlyList<IMetadataRecord>? ReadBatch()
        {
            bool wasRead = _isRead;
            _isRead = true;
            return wasRead ? null : records;
        }

        public void Dispose()
        {
        }
    }
}
