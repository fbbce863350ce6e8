using KRaftSharp.Log.Epochs;
using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Segments;

namespace KRaftSharp.Log.Recovery;

/// <summary>What was found in a log's directory, made good.</summary>
internal sealed record LoadedLog(
    List<LogSegment> Segments,
    LeaderEpochCache Epochs,
    ProducerTable Producers,
    ProducerSnapshots Snapshots,
    long LogStartOffset,
    long RecoveryPoint);
