using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>AssignReplicasToDirs (KIP-858): brokers say in which directory a replica lies.</summary>
internal sealed class DirectoryControl(ControllerState state, ClusterControl cluster)
{
    public Decision Assign(AssignReplicasToDirsRequest request)
    {
        AssignReplicasToDirsResponse response = new();
        ErrorCode error = state.MetadataVersion.IsDirectoryAssignmentSupported
            ? cluster.CheckEpoch(request.BrokerId, request.BrokerEpoch)
            : ErrorCode.UnsupportedVersion;
        if (error != ErrorCode.None)
        {
            response.ErrorCode = error;
            return Decision.Answer(response);
        }

        List<VersionedRecord> records = [];
        HashSet<(Uuid, int)> assigned = [];
        foreach (AssignReplicasToDirsRequest.DirectoryData directory in request.Directories)
        {
            AssignReplicasToDirsResponse.DirectoryData directoryResult = new() { Id = directory.Id };
            response.Directories.Add(directoryResult);
            foreach (AssignReplicasToDirsRequest.TopicData topic in directory.Topics)
            {
                AssignReplicasToDirsResponse.TopicData topicResult = new() { TopicId = topic.TopicId };
                directoryResult.Topics.Add(topicResult);
                foreach (int partition in topic.Partitions.Select(data => data.PartitionIndex))
                {
                    bool isFirst = assigned.Add((topic.TopicId, partition));
                    topicResult.Partitions.Add(new()
                    {
                        PartitionIndex = partition,
                        ErrorCode = isFirst
                            ? Assign(request.BrokerId, directory.Id, topic.TopicId, partition, records)
                            : ErrorCode.InvalidRequest,
                    });
                }
            }
        }

        return new Decision(records, response);
    }

    private ErrorCode Assign(
        int brokerId, Uuid directory, Uuid topicId, int partitionId, List<VersionedRecord> records)
    {
        if (!state.Image.Topics.TryGet(topicId, out TopicImage? topic))
        {
            return ErrorCode.UnknownTopicId;
        }

        if (!topic.Partitions.TryGetValue(partitionId, out PartitionRegistration? partition))
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        int index = Array.IndexOf(partition.Replicas, brokerId);
        if (index < 0)
        {
            return ErrorCode.NotLeaderOrFollower;
        }

        if (partition.Directories[index] == directory)
        {
            return ErrorCode.None;
        }

        List<Uuid> directories = [.. partition.Directories];
        directories[index] = directory;
        records.Add(new VersionedRecord(
            new PartitionChangeRecord { TopicId = topicId, PartitionId = partitionId, Directories = directories },
            state.MetadataVersion.PartitionChangeRecordVersion));
        return ErrorCode.None;
    }
}
