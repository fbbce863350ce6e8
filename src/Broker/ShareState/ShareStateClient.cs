using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.ShareState;

/// <summary>
/// Asks the coordinator of each share partition, on this broker or another one, and again while there is none.
/// </summary>
internal sealed class ShareStateClient(
    ShareStateCoordinator here, BrokerRequests brokers, ShareStateClientSettings settings)
    : IShareState, IDisposable
{
    private const short PlainVersion = 0;
    private const short WithCountVersion = 1;
    private const long FirstBackoffMs = 10;
    private const long LongestBackoffMs = 500;

    private volatile bool _isClosed;

    public Task<StateAnswer> InitializeAsync(SharePartitionKey key, int stateEpoch, long startOffset) =>
        AskAsync<InitializeShareGroupStateResponse>(
            key, () => here.InitializeAsync(key, stateEpoch, startOffset),
            ShareStateMessages.Initialize(key, stateEpoch, startOffset), PlainVersion, ShareStateMessages.Read);

    public Task<StateAnswer> ReadAsync(SharePartitionKey key, int leaderEpoch) =>
        AskAsync<ReadShareGroupStateResponse>(
            key, () => here.ReadAsync(key, leaderEpoch),
            ShareStateMessages.Read(key, leaderEpoch), PlainVersion, ShareStateMessages.Read);

    public Task<StateAnswer> WriteAsync(SharePartitionKey key, StateWrite write) =>
        AskAsync<WriteShareGroupStateResponse>(
            key, () => here.WriteAsync(key, write),
            ShareStateMessages.Write(key, write), WithCountVersion, ShareStateMessages.Read);

    public Task<StateAnswer> DeleteAsync(SharePartitionKey key) =>
        AskAsync<DeleteShareGroupStateResponse>(
            key, () => here.DeleteAsync(key),
            ShareStateMessages.Delete(key), PlainVersion, ShareStateMessages.Read);

    public Task<StateAnswer> SummarizeAsync(SharePartitionKey key) =>
        AskAsync<ReadShareGroupStateSummaryResponse>(
            key, () => here.SummarizeAsync(key),
            ShareStateMessages.Summarize(key), WithCountVersion, ShareStateMessages.Read);

    /// <summary>Nothing is asked again.</summary>
    public void Dispose() => _isClosed = true;

    private async Task<StateAnswer> AskAsync<TResponse>(
        SharePartitionKey key, Func<Task<StateAnswer>> askHere, IApiMessage request, short version,
        Func<TResponse, StateAnswer?> read)
        where TResponse : class, IApiMessage
    {
        long deadlineMs = settings.Time.MonotonicMs() + settings.TimeoutMs;
        for (long backoffMs = FirstBackoffMs; ; backoffMs = Math.Min(2 * backoffMs, LongestBackoffMs))
        {
            StateAnswer answer;
            if (CoordinatorOf(key) is not { } broker)
            {
                answer = StateAnswer.Failed(ErrorCode.CoordinatorNotAvailable);
            }
            else
            {
                answer = broker == settings.BrokerId
                    ? await askHere()
                    : await SendAsync(broker, request, version, read);
            }

            bool mayPass = answer.Error is ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress
                or ErrorCode.NotCoordinator or ErrorCode.NetworkException;
            if (!mayPass || _isClosed || settings.Time.MonotonicMs() + backoffMs >= deadlineMs)
            {
                return answer;
            }

            await PauseAsync(backoffMs);
        }
    }

    private async Task<StateAnswer> SendAsync<TResponse>(
        int broker, IApiMessage request, short version, Func<TResponse, StateAnswer?> read)
        where TResponse : class, IApiMessage
    {
        TaskCompletionSource<StateAnswer> answered = new();
        brokers.Send<TResponse>(
            broker, request, version, TimeSpan.FromMilliseconds(settings.TimeoutMs),
            response => answered.SetResult(response is null
                ? StateAnswer.Failed(ErrorCode.NetworkException)
                : read(response) ?? StateAnswer.Failed(ErrorCode.UnknownServerError)));
        return await answered.Task;
    }

    /// <summary>The broker that leads the partition which keeps the state; null while there is none.</summary>
    private int? CoordinatorOf(SharePartitionKey key)
    {
        MetadataImage image = settings.Image();
        if (!image.Topics.TryGet(TopicNames.ShareGroupState, out TopicImage? topic))
        {
            settings.CreateTopic();
            return null;
        }

        int index = key.CoordinatorPartition(topic.Partitions.Count);
        return topic.Partitions.TryGetValue(index, out PartitionRegistration? partition)
            && image.Cluster.Broker(partition.Leader) is { IsFenced: false }
                ? partition.Leader
                : null;
    }

    private async Task PauseAsync(long delayMs)
    {
        TaskCompletionSource elapsed = new();
        await using ITimer timer = settings.Time.CreateTimer(
            _ => elapsed.TrySetResult(), null, TimeSpan.FromMilliseconds(delayMs), Timeout.InfiniteTimeSpan);
        await elapsed.Task;
    }
}
