using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.ShareState;

/// <summary>Requests for one share partition, and the part of the answers that is about it.</summary>
internal static class ShareStateMessages
{
    public static InitializeShareGroupStateRequest Initialize(SharePartitionKey key, int stateEpoch, long startOffset)
    {
        InitializeShareGroupStateRequest.PartitionData partition =
            new() { Partition = key.Partition, StateEpoch = stateEpoch, StartOffset = startOffset };
        return new()
        {
            GroupId = key.GroupId,
            Topics = [new() { TopicId = key.TopicId, Partitions = [partition] }],
        };
    }

    public static ReadShareGroupStateRequest Read(SharePartitionKey key, int leaderEpoch)
    {
        ReadShareGroupStateRequest.PartitionData partition =
            new() { Partition = key.Partition, LeaderEpoch = leaderEpoch };
        return new()
        {
            GroupId = key.GroupId,
            Topics = [new() { TopicId = key.TopicId, Partitions = [partition] }],
        };
    }

    public static WriteShareGroupStateRequest Write(SharePartitionKey key, StateWrite write)
    {
        WriteShareGroupStateRequest.PartitionData partition = new()
        {
            Partition = key.Partition,
            StateEpoch = write.StateEpoch,
            LeaderEpoch = write.LeaderEpoch,
            StartOffset = write.StartOffset,
            DeliveryCompleteCount = write.DeliveryCompleteCount,
            StateBatches = [.. write.Batches.Select(batch => new WriteShareGroupStateRequest.StateBatch
            {
                FirstOffset = batch.FirstOffset,
                LastOffset = batch.LastOffset,
                DeliveryState = (sbyte)batch.State,
                DeliveryCount = batch.DeliveryCount,
            })],
        };
        return new()
        {
            GroupId = key.GroupId,
            Topics = [new() { TopicId = key.TopicId, Partitions = [partition] }],
        };
    }

    public static DeleteShareGroupStateRequest Delete(SharePartitionKey key) => new()
    {
        GroupId = key.GroupId,
        Topics = [new() { TopicId = key.TopicId, Partitions = [new() { Partition = key.Partition }] }],
    };

    public static ReadShareGroupStateSummaryRequest Summarize(SharePartitionKey key) => new()
    {
        GroupId = key.GroupId,
        Topics = [new() { TopicId = key.TopicId, Partitions = [new() { Partition = key.Partition }] }],
    };

    public static StateAnswer? Read(InitializeShareGroupStateResponse response) =>
        response.Results is [{ Partitions: [var part] }] ? new(part.ErrorCode, part.ErrorMessage) : null;

    public static StateAnswer? Read(WriteShareGroupStateResponse response) =>
        response.Results is [{ Partitions: [var part] }] ? new(part.ErrorCode, part.ErrorMessage) : null;

    public static StateAnswer? Read(DeleteShareGroupStateResponse response) =>
        response.Results is [{ Partitions: [var part] }] ? new(part.ErrorCode, part.ErrorMessage) : null;

    public static StateAnswer? Read(ReadShareGroupStateResponse response) =>
        response.Results is [{ Partitions: [var part] }]
            ? new(part.ErrorCode, part.ErrorMessage, new PersistedState
            {
                StateEpoch = part.StateEpoch,
                StartOffset = part.StartOffset,
                Batches = [.. part.StateBatches.Select(batch => new StateBatch(
                    batch.FirstOffset, batch.LastOffset, (RecordState)batch.DeliveryState, batch.DeliveryCount))],
            })
            : null;

    public static StateAnswer? Read(ReadShareGroupStateSummaryResponse response) =>
        response.Results is [{ Partitions: [var part] }]
            ? new(part.ErrorCode, part.ErrorMessage, new PersistedState
            {
                StateEpoch = part.StateEpoch,
                LeaderEpoch = part.LeaderEpoch,
                StartOffset = part.StartOffset,
                DeliveryCompleteCount = part.DeliveryCompleteCount,
            })
            : null;
}
