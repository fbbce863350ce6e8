using KRaftSharp.Client.Coordination;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Producer.Transactions;

/// <summary>What a transactional producer asks of the coordinators (KIP-98, 360, 447, 890).</summary>
/// <remarks>Both flows: brokers whose feature <c>transaction.version</c> is below 2 are told of every partition and
/// group before it is written to; later ones find out by themselves and raise the epoch at every end.</remarks>
internal sealed class TransactionFlow(
    ClusterClient cluster, ProducerOptions options, TransactionState state, Action wake)
{
    private const string Feature = "transaction.version";
    private const short ImplicitLevel = 2;

    // The last versions of the flow in which partitions are added one by one (KIP-890 raised each).
    private static readonly VersionRange ExplicitEnd = new(0, 4);
    private static readonly VersionRange ImplicitEnd = new(5, 5);
    private static readonly VersionRange ExplicitOffsets = new(3, 4);
    private static readonly VersionRange ImplicitOffsets = new(5, 5);
    private static readonly VersionRange OneTransaction = new(0, 3);
    private static readonly VersionRange WithEpoch = new(3, 5);

    private readonly string _id = options.TransactionalId!;
    private readonly CoordinatorLink _coordinator = new(
        cluster, CoordinatorKind.Transaction, options.TransactionalId!);

    private Task? _adding;

    public TransactionState State => state;

    /// <summary>Obtains the producer id; fences earlier producers of this id and ends what they left open.</summary>
    public async Task InitAsync(CancellationToken cancellation)
    {
        state.Require(TransactionPhase.Uninitialized);
        (ProducerIdentity identity, bool isImplicit) = await ObtainAsync(
            ProducerIdentity.None, DeadlineMs(), cancellation);
        state.Initialized(identity, isImplicit);
    }

    /// <summary>Tells the coordinator of partitions that are wanted. Called by the sender's loop.</summary>
    public void AddWanted()
    {
        if (_adding is null or { IsCompleted: true } && state.Wanted() is { Length: > 0 } wanted)
        {
            _adding = AddAsync(wanted);
        }
    }

    public async Task SendOffsetsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group,
        CancellationToken cancellation)
    {
        if (offsets.Count == 0)
        {
            state.Require(TransactionPhase.InTransaction);
            return;
        }

        state.OffsetsSent();
        long deadlineMs = DeadlineMs();
        try
        {
            if (!state.IsImplicit)
            {
                await _coordinator.CallAsync<AddOffsetsToTxnResponse>(
                    new AddOffsetsToTxnRequest
                    {
                        TransactionalId = _id,
                        ProducerId = state.Identity.Id,
                        ProducerEpoch = state.Identity.Epoch,
                        GroupId = group.GroupId,
                    },
                    new VersionRange(0, 3), answer => answer.ErrorCode, deadlineMs, cancellation);
            }

            await new CoordinatorLink(cluster, CoordinatorKind.Group, group.GroupId)
                .CallAsync<TxnOffsetCommitResponse>(
                    OffsetCommit(offsets, group), state.IsImplicit ? ImplicitOffsets : ExplicitOffsets, FirstError,
                    deadlineMs, cancellation);
        }
        catch (KafkaException error) when (!error.IsRetriable)
        {
            throw state.Fail(error.Code, error.Message, TransactionErrors.EndsProducerOnAdd(error.Code));
        }
    }

    /// <summary>Ends the transaction; everything sent in it has been acknowledged, or is given up.</summary>
    public async Task EndAsync(bool commit, CancellationToken cancellation)
    {
        ProducerIdentity? next = null;
        bool isImplicit = state.IsImplicit;
        long deadlineMs = DeadlineMs();
        try
        {
            if (state.HasWork)
            {
                EndTxnResponse answer = await _coordinator.CallAsync<EndTxnResponse>(
                    new EndTxnRequest
                    {
                        TransactionalId = _id,
                        ProducerId = state.Identity.Id,
                        ProducerEpoch = state.Identity.Epoch,
                        Committed = commit,
                    },
                    isImplicit ? ImplicitEnd : ExplicitEnd, end => end.ErrorCode, deadlineMs, cancellation);
                next = answer.ProducerId >= 0 ? new ProducerIdentity(answer.ProducerId, answer.ProducerEpoch) : null;
            }
        }
        catch (KafkaException error) when (!error.IsRetriable)
        {
            bool isFatal = TransactionErrors.EndsProducerOnEnd(error.Code);
            if (commit || isFatal)
            {
                throw state.Fail(error.Code, error.Message, isFatal);
            }

            state.BatchFailed(error.Code, error.Message, hadSequence: true); // nothing left to abort: a new id will do
        }

        if (next is null && state.NeedsNewIdentity)
        {
            (next, isImplicit) = await ObtainAsync(state.Identity, deadlineMs, cancellation);
        }

        state.Ended(next, isImplicit);
    }

    private async Task<(ProducerIdentity Identity, bool IsImplicit)> ObtainAsync(
        ProducerIdentity known, long deadlineMs, CancellationToken cancellation)
    {
        try
        {
            InitProducerIdResponse answer = await _coordinator.CallAsync<InitProducerIdResponse>(
                new InitProducerIdRequest
                {
                    TransactionalId = _id,
                    TransactionTimeoutMs = (int)options.TransactionTimeout.TotalMilliseconds,
                    ProducerId = known.Id,
                    ProducerEpoch = known.Epoch,
                },
                WithEpoch, init => init.ErrorCode, deadlineMs, cancellation);
            bool isImplicit = await IsImplicitAsync(deadlineMs, cancellation);
            return (new ProducerIdentity(answer.ProducerId, answer.ProducerEpoch), isImplicit);
        }
        catch (KafkaException error) when (!error.IsRetriable)
        {
            throw state.Fail(error.Code, error.Message, error.Code != ErrorCode.TransactionAbortable);
        }
    }

    private async Task<bool> IsImplicitAsync(long deadlineMs, CancellationToken cancellation)
    {
        ApiVersionsResponse answer = await _coordinator.CallAsync<ApiVersionsResponse>(
            new ApiVersionsRequest { ClientSoftwareName = "kraftsharp", ClientSoftwareVersion = "0" },
            VersionRange.All, versions => versions.ErrorCode, deadlineMs, cancellation);
        return answer.FinalizedFeatures.Exists(
            feature => feature.Name == Feature && feature.MaxVersionLevel >= ImplicitLevel);
    }

    private async Task AddAsync(TopicPartition[] wanted)
    {
        try
        {
            AddPartitionsToTxnRequest request = new()
            {
                V3AndBelowTransactionalId = _id,
                V3AndBelowProducerId = state.Identity.Id,
                V3AndBelowProducerEpoch = state.Identity.Epoch,
            };
            foreach (IGrouping<string, TopicPartition> topic in wanted.GroupBy(partition => partition.Topic))
            {
                AddPartitionsToTxnRequest.AddPartitionsToTxnTopic entry = new() { Name = topic.Key };
                entry.Partitions.AddRange(topic.Select(partition => partition.Partition));
                request.V3AndBelowTopics.Add(entry);
            }

            await _coordinator.CallAsync<AddPartitionsToTxnResponse>(
                request, OneTransaction, FirstError, DeadlineMs(), CancellationToken.None);
            state.Added(wanted);
        }
        catch (KafkaException error)
        {
            state.Fail(error.Code, error.Message, TransactionErrors.EndsProducerOnAdd(error.Code));
        }
        catch (ObjectDisposedException)
        {
            return; // closed meanwhile
        }

        wake();
    }

    private TxnOffsetCommitRequest OffsetCommit(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group)
    {
        TxnOffsetCommitRequest request = new()
        {
            TransactionalId = _id,
            GroupId = group.GroupId,
            ProducerId = state.Identity.Id,
            ProducerEpoch = state.Identity.Epoch,
            GenerationIdOrMemberEpoch = group.GenerationId,
            MemberId = group.MemberId,
            GroupInstanceId = group.GroupInstanceId,
        };
        foreach (IGrouping<string, TopicPartition> topic in offsets.Keys.GroupBy(partition => partition.Topic))
        {
            TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic entry = new() { Name = topic.Key };
            foreach (TopicPartition partition in topic)
            {
                OffsetAndMetadata offset = offsets[partition];
                entry.Partitions.Add(new TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition
                {
                    PartitionIndex = partition.Partition,
                    CommittedOffset = offset.Offset,
                    CommittedLeaderEpoch = offset.LeaderEpoch,
                    CommittedMetadata = offset.Metadata,
                });
            }

            request.Topics.Add(entry);
        }

        return request;
    }

    // The one to act on: what is final before what may pass, and "not attempted" only where nothing else is said.
    private static ErrorCode Worst(IEnumerable<ErrorCode> errors) => errors
        .OrderBy(error => error == ErrorCode.None ? 3
            : error == ErrorCode.OperationNotAttempted ? 2
            : ErrorCodes.IsRetriable(error) ? 1 : 0)
        .FirstOrDefault();

    private static ErrorCode FirstError(TxnOffsetCommitResponse answer) => Worst(
        answer.Topics.SelectMany(topic => topic.Partitions).Select(partition => partition.ErrorCode));

    private static ErrorCode FirstError(AddPartitionsToTxnResponse answer) => Worst(
        answer.ResultsByTopicV3AndBelow.SelectMany(topic => topic.ResultsByPartition)
            .Select(partition => (ErrorCode)partition.PartitionErrorCode));

    private long DeadlineMs() => cluster.Runtime.NowMs + (long)options.MaxBlock.TotalMilliseconds;
}
