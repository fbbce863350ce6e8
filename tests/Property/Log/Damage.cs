namespace KRaftSharp.Tests.Property.Log;

/// <summary>What can be wrong with a log's files when it is opened.</summary>
public enum Damage
{
    CutSegment,
    ZeroedTail,
    AppendedZeros,
    AppendedGarbage,
    FlippedBit,
    MissingIndex,
    EmptyIndex,
    CutIndex,
    FlippedIndexBit,
    ForeignIndex,
    PaddedIndex,
    MissingSnapshots,
    FlippedSnapshotBit,
    MissingEpochs,
    GarbageEpochs,
    LeftoverFiles,
}
