using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Transactions;

/// <summary>Asks the coordinator of a transaction whether records may be written as part of it (KIP-890).</summary>
internal sealed class PartitionVerifier(
    TransactionCoordinator coordinator, BrokerRequests brokers, int brokerId, TimeProvider time)
{
    private const short RequestVersion = 5;
    private const short FirstVersionWithAbortable = 11;
    private const short FirstVersionWithAdding = 12;

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    public PlantedFaults Planted => coordinator.Options.Planted;

    /// <summary>Whether the coordinator has to be asked. Who adds its partitions by writing depends on it: else the
    /// transaction would know of none. Whether others are to be checked is configured.</summary>
    /// <param name="adds">Whether the partitions are to be added.</param>
    public bool IsNeeded(bool adds) => adds || coordinator.Options.VerifiesPartitions;

    /// <summary>Whether a Produce of this version joins the transaction by itself (transactions v2).</summary>
    public static bool Adds(short produceVersion) => produceVersion >= FirstVersionWithAdding;

    /// <summary>
    /// An error for each partition, as a producer of this version of Produce (or of what else) is told. Adds the
    /// partitions to the transaction where the version says so, else only asks whether they belong to it.
    /// </summary>
    public async Task<PartitionErrors> CheckAsync(
        ProducerRequest asked, IReadOnlyList<TopicPartition> partitions, bool adds, bool knowsAbortable)
    {
        long deadlineMs = time.MonotonicMs() + coordinator.Options.AddRetryMaxMs;
        while (true)
        {
            PartitionErrors result = coordinator.BrokerOf(asked.TransactionalId) switch
            {
                null => PartitionErrors.All(partitions, ErrorCode.CoordinatorNotAvailable),
                { } local when local == brokerId => await AskHereAsync(asked, partitions, adds),
                { } broker => await AskAsync(broker, asked, partitions, adds),
            };
            bool isEarly = adds && result.Errors.Any(static entry => entry.Error == ErrorCode.ConcurrentTransactions);
            if (!isEarly || time.MonotonicMs() >= deadlineMs)
            {
                return new PartitionErrors(
                    [.. result.Errors.Select(entry => (entry.Partition, ForClient(entry.Error, knowsAbortable)))]);
            }

            await PauseAsync();
        }
    }

    /// <summary>Begins the check of one partition that this node leads, before the coordinator is asked: no marker
    /// may come between the coordinator's answer and the append.</summary>
    /// <returns>What the append has to bring; 0 when the transaction is open there and nobody has to be asked.
    /// </returns>
    public static Task<long> StartAsync(
        Partition partition, long producerId, short epoch, int firstSequence, bool adds)
    {
        TaskCompletionSource<long> started = new();
        partition.Post(() => started.SetResult(
            partition.Log.StartVerification(producerId, epoch, firstSequence, adds)));
        return started.Task;
    }

    public static bool KnowsAbortable(short produceVersion) => produceVersion >= FirstVersionWithAbortable;

    /// <summary>What a produce request is answered for a partition that failed its check.</summary>
    public static (ErrorCode Error, string? Message) ForProduce(ErrorCode error) => error switch
    {
        ErrorCode.InvalidTxnState => (error, "Partition was not added to the transaction"),
        ErrorCode.ConcurrentTransactions or ErrorCode.NetworkException or ErrorCode.CoordinatorLoadInProgress
            or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator => (
                ErrorCode.NotEnoughReplicas,
                "Unable to verify the partition has been added to the transaction. Underlying error: "
                + ErrorCodes.KafkaName(error)),
        _ => (error, null),
    };

    private static ErrorCode ForClient(ErrorCode error, bool knowsAbortable) => error switch
    {
        ErrorCode.ProducerFenced => ErrorCode.InvalidProducerEpoch,
        ErrorCode.TransactionAbortable when !knowsAbortable => ErrorCode.InvalidTxnState,
        _ => error,
    };

    private async Task<PartitionErrors> AskHereAsync(
        ProducerRequest asked, IReadOnlyList<TopicPartition> partitions, bool adds) => adds
            ? PartitionErrors.All(
                partitions,
                await coordinator.AddPartitionsAsync(asked, partitions, TransactionRules.EpochBumpVersion))
            : await coordinator.VerifyAsync(asked, partitions);

    private async Task<PartitionErrors> AskAsync(
        int broker, ProducerRequest asked, IReadOnlyList<TopicPartition> partitions, bool adds)
    {
        var request = new AddPartitionsToTxnRequest
        {
            Transactions =
            [
                new AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction
                {
                    TransactionalId = asked.TransactionalId,
                    ProducerId = asked.ProducerId,
                    ProducerEpoch = asked.ProducerEpoch,
                    VerifyOnly = !adds,
                    Topics =
                    [
                        .. partitions.GroupBy(static partition => partition.Topic).Select(
                            static topic => new AddPartitionsToTxnRequest.AddPartitionsToTxnTopic
                            {
                                Name = topic.Key,
                                Partitions = [.. topic.Select(static partition => partition.Partition)],
                            }),
                    ],
                },
            ],
        };
        TaskCompletionSource<AddPartitionsToTxnResponse?> answered = new();
        brokers.Send<AddPartitionsToTxnResponse>(
            broker, request, RequestVersion, TimeSpan.FromMilliseconds(coordinator.Options.RequestTimeoutMs),
            answered.SetResult);
        AddPartitionsToTxnResponse? response = await answered.Task;
        if (response is null)
        {
            return PartitionErrors.All(partitions, ErrorCode.NetworkException);
        }

        Dictionary<TopicPartition, ErrorCode> errors = [];
        foreach (var topic in response.ResultsByTransaction.SelectMany(static result => result.TopicResults))
        {
            foreach (var result in topic.ResultsByPartition)
            {
                errors[new TopicPartition(topic.Name, result.PartitionIndex)] =
                    (ErrorCode)result.PartitionErrorCode;
            }
        }

        ErrorCode missing = response.ErrorCode == ErrorCode.None ? ErrorCode.UnknownServerError : response.ErrorCode;
        return new PartitionErrors(
            [.. partitions.Select(partition => (partition, errors.GetValueOrDefault(partition, missing)))]);
    }

    private async Task PauseAsync()
    {
        TaskCompletionSource elapsed = new();
        using ITimer timer = time.CreateTimer(
            _ => elapsed.TrySetResult(), null, TimeSpan.FromMilliseconds(coordinator.Options.AddRetryBackoffMs),
            Timeout.InfiniteTimeSpan);
        await elapsed.Task;
    }
}
