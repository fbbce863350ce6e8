using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>AlterPartition: leaders propose ISRs, the controller checks and decides.</summary>
/// <remarks>
/// Version 2 sends members alone, version 3 (KIP-903) with the epochs in which the leader knows them.
/// </remarks>
internal sealed class IsrControl(ControllerState state, ClusterControl cluster)
{
    public Decision AlterPartition(AlterPartitionRequest request, short version)
    {
        AlterPartitionResponse response = new();
        ErrorCode error = cluster.CheckEpoch(request.BrokerId, request.BrokerEpoch);
        if (error != ErrorCode.None)
        {
            response.ErrorCode = error;
            return Decision.Answer(response);
        }

        List<VersionedRecord> records = [];
        foreach (AlterPartitionRequest.TopicData topicData in request.Topics)
        {
            AlterPartitionResponse.TopicData result = new() { TopicId = topicData.TopicId };
            response.Topics.Add(result);
            state.Image.Topics.TryGet(topicData.TopicId, out TopicImage? topic);
            foreach (AlterPartitionRequest.PartitionData partitionData in topicData.Partitions)
            {
                result.Partitions.Add(topic is null
                    ? Failure(partitionData, ErrorCode.UnknownTopicId)
                    : Alter(request.BrokerId, topic, partitionData, version, records));
            }
        }

        return new Decision(records, response);
    }

    private static AlterPartitionResponse.PartitionData Failure(
        AlterPartitionRequest.PartitionData data, ErrorCode error) =>
        new() { PartitionIndex = data.PartitionIndex, ErrorCode = error };

    private AlterPartitionResponse.PartitionData Alter(
        int brokerId,
        TopicImage topic,
        AlterPartitionRequest.PartitionData data,
        short version,
        List<VersionedRecord> records)
    {
        if (!topic.Partitions.TryGetValue(data.PartitionIndex, out PartitionRegistration? partition))
        {
            return Failure(data, ErrorCode.UnknownTopicOrPartition);
        }

        List<(int Id, long Epoch)> isr = version >= 3
            ? [.. data.NewIsrWithEpochs.Select(member => (member.BrokerId, member.BrokerEpoch))]
            : [.. data.NewIsr.Select(member => (member, -1L))];
        ErrorCode error = Check(brokerId, partition, data, isr);
        if (error != ErrorCode.None)
        {
            return Failure(data, error);
        }

        PartitionChangeBuilder builder = new(
            state.ContextOf(topic), data.PartitionIndex, partition, state.LeaderRule(partition))
        {
            TargetIsr = [.. isr.Select(member => member.Id)],
            TargetRecoveryState = (LeaderRecoveryState)data.LeaderRecoveryState,
        };
        if (builder.Build() is { } record)
        {
            PartitionChangeRecord change = (PartitionChangeRecord)record.Record;
            records.Add(record);
            partition = partition.Merge(change);
            if (change.Leader != brokerId && change.Leader != PartitionRegistration.NoLeaderChange)
            {
                return Failure(data, ErrorCode.NewLeaderElected);
            }
        }

        return new AlterPartitionResponse.PartitionData
        {
            PartitionIndex = data.PartitionIndex,
            LeaderId = partition.Leader,
            LeaderEpoch = partition.LeaderEpoch,
            Isr = [.. partition.Isr],
            LeaderRecoveryState = (sbyte)partition.LeaderRecoveryState,
            PartitionEpoch = partition.PartitionEpoch,
        };
    }

    private ErrorCode Check(
        int brokerId,
        PartitionRegistration partition,
        AlterPartitionRequest.PartitionData data,
        List<(int Id, long Epoch)> isr)
    {
        // A leader that knows more than this controller has heard from a newer one.
        if (data.LeaderEpoch > partition.LeaderEpoch || data.PartitionEpoch > partition.PartitionEpoch)
        {
            return ErrorCode.NotController;
        }

        if (data.LeaderEpoch < partition.LeaderEpoch)
        {
            return ErrorCode.FencedLeaderEpoch;
        }

        if (brokerId != partition.Leader)
        {
            return ErrorCode.InvalidRequest;
        }

        if (data.PartitionEpoch < partition.PartitionEpoch)
        {
            return ErrorCode.InvalidUpdateVersion;
        }

        bool isSound = isr.Count > 0
            && isr.DistinctBy(member => member.Id).Count() == isr.Count
            && isr.TrueForAll(member => partition.Replicas.Contains(member.Id))
            && isr.Exists(member => member.Id == partition.Leader);
        bool isRecovering = data.LeaderRecoveryState == (sbyte)LeaderRecoveryState.Recovering;
        bool isKnownState = data.LeaderRecoveryState is 0 or 1;
        if (!isSound || !isKnownState || (isRecovering
            && (isr.Count > 1 || partition.LeaderRecoveryState == LeaderRecoveryState.Recovered)))
        {
            return ErrorCode.InvalidRequest;
        }

        return isr.TrueForAll(member => IsEligible(member.Id, member.Epoch))
            ? ErrorCode.None
            : ErrorCode.IneligibleReplica;
    }

    // An epoch of -1 is that of a leader which cannot say: only the broker's state counts then.
    private bool IsEligible(int brokerId, long epoch) =>
        state.Image.Cluster.Broker(brokerId) is { IsActive: true } broker && (epoch == -1 || epoch == broker.Epoch);
}
