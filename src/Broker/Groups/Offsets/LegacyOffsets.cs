using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Offsets;

/// <summary>The first form of offset records (keys of version 0), as the present one.</summary>
internal static class LegacyOffsets
{
    public static OffsetCommitKey Key(LegacyOffsetCommitKey key) =>
        new() { Group = key.Group, Topic = key.Topic, Partition = key.Partition };

    public static OffsetCommitValue? Value(LegacyOffsetCommitValue? value) => value is null ? null : new()
    {
        Offset = value.Offset,
        Metadata = value.Metadata,
        CommitTimestamp = value.CommitTimestamp,
    };
}
