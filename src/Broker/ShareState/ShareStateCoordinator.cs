using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.ShareState;

/// <summary>Brings requests about share partitions to the shards that keep them. Any thread.</summary>
internal sealed class ShareStateCoordinator(
    CoordinatorRuntime<ShareStateShard> runtime, int configuredPartitions, Func<MetadataImage> image)
    : IMetadataSubscriber
{
    public CoordinatorRuntime<ShareStateShard> Runtime => runtime;

    public Task<StateAnswer> InitializeAsync(SharePartitionKey key, int stateEpoch, long startOffset) =>
        Run(key, "initialize", (shard, reply) => shard.Initialize(key, stateEpoch, startOffset, reply));

    public Task<StateAnswer> ReadAsync(SharePartitionKey key, int leaderEpoch) =>
        Run(key, "read", (shard, reply) => shard.Read(key, leaderEpoch, reply));

    public Task<StateAnswer> WriteAsync(SharePartitionKey key, StateWrite write) =>
        Run(key, "write", (shard, reply) => shard.Write(key, write, reply));

    public Task<StateAnswer> DeleteAsync(SharePartitionKey key) =>
        Run(key, "delete", (shard, reply) => shard.Delete(key, reply));

    public Task<StateAnswer> SummarizeAsync(SharePartitionKey key) =>
        Run(key, "read", (shard, reply) => shard.Summarize(key, reply));

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (delta.Topics.Deleted.Count > 0)
        {
            HashSet<Uuid> deleted = [.. delta.Topics.Deleted.Values.Select(topic => topic.Id)];
            runtime.RunOnAll(shard => shard.Forget(deleted));
        }
    }

    private async Task<StateAnswer> Run(
        SharePartitionKey key, string verb, Func<ShareStateShard, Reply<StateAnswer>, Decision> operation)
    {
        int count = image().Topics.TryGet(TopicNames.ShareGroupState, out TopicImage? topic)
            ? topic.Partitions.Count
            : configuredPartitions;
        Outcome<StateAnswer> outcome = await runtime.Run(key.CoordinatorPartition(count), operation);
        if (outcome.Value is { } answer)
        {
            return answer;
        }

        ErrorCode error = AppendErrors.ForClients(outcome.Error);
        return new StateAnswer(error, $"Unable to {verb} share group state: {ErrorCodes.Message(error)}");
    }
}
