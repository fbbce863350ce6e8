using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Broker.Handlers;

/// <summary>Lets transactional batches into the logs once their transaction's coordinator knows of them (KIP-890).
/// </summary>
internal sealed class TransactionalProduce(PartitionVerifier verifier)
{
    /// <summary>Sets the error of each candidate that must not be written, and what the others have to bring.</summary>
    public async Task AdmitAsync(
        string transactionalId, short produceVersion, IReadOnlyList<ProduceCandidate> candidates)
    {
        if (candidates.Count == 0)
        {
            return;
        }

        (long producerId, short epoch) = ProducerOf(candidates[0]);
        if (candidates.Any(candidate => ProducerOf(candidate) != (producerId, epoch)))
        {
            Refuse(candidates, ErrorCode.InvalidProducerIdMapping);
            return;
        }

        bool adds = PartitionVerifier.Adds(produceVersion);
        if (!verifier.IsNeeded(adds) || (!adds && verifier.Planted.HasFlag(PlantedFaults.UnverifiedProduce)))
        {
            return;
        }

        List<ProduceCandidate> open = [];
        foreach (ProduceCandidate candidate in candidates)
        {
            long token = await StartAsync(candidate, producerId, epoch, adds);
            candidate.Append = candidate.Append with { IsVerificationRequired = true, Verification = token };
            if (token != 0)
            {
                open.Add(candidate);
            }
        }

        if (open.Count == 0)
        {
            return;
        }

        PartitionErrors result = await verifier.CheckAsync(
            new ProducerRequest(transactionalId, producerId, epoch),
            [.. open.Select(static candidate => candidate.Partition.TopicPartition)],
            adds,
            PartitionVerifier.KnowsAbortable(produceVersion));
        Dictionary<TopicPartition, ErrorCode> errors = [];
        foreach ((TopicPartition partition, ErrorCode error) in result.Errors)
        {
            errors[partition] = error;
        }

        foreach (ProduceCandidate candidate in open)
        {
            (candidate.Error, candidate.Message) =
                PartitionVerifier.ForProduce(errors[candidate.Partition.TopicPartition]);
        }
    }

    private static void Refuse(IReadOnlyList<ProduceCandidate> candidates, ErrorCode error)
    {
        foreach (ProduceCandidate candidate in candidates)
        {
            candidate.Error = error;
        }
    }

    private static (long ProducerId, short Epoch) ProducerOf(ProduceCandidate candidate) =>
        RecordBatchView.TryParse(candidate.Append.Records.Span, out RecordBatchView batch)
            ? (batch.ProducerId, batch.ProducerEpoch)
            : default;

    private static Task<long> StartAsync(ProduceCandidate candidate, long producerId, short epoch, bool adds)
    {
        Partition partition = candidate.Partition;
        if (!partition.View.IsLeader)
        {
            // The append itself will say so.
            return Task.FromResult(0L);
        }

        int sequence = RecordBatchView.TryParse(candidate.Append.Records.Span, out RecordBatchView batch)
            ? batch.BaseSequence
            : RecordBatchLayout.NoSequence;
        return PartitionVerifier.StartAsync(partition, producerId, epoch, sequence, adds);
    }
}
