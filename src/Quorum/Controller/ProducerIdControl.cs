using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>Hands out blocks of producer ids, each of them once.</summary>
internal sealed class ProducerIdControl(ControllerState state, ClusterControl cluster)
{
    public const int BlockSize = 1000;

    public Decision Allocate(AllocateProducerIdsRequest request)
    {
        ErrorCode error = cluster.CheckEpoch(request.BrokerId, request.BrokerEpoch);
        long start = state.Image.ProducerIds.NextProducerId;
        if (error == ErrorCode.None && start > long.MaxValue - BlockSize)
        {
            error = ErrorCode.UnknownServerError;
        }

        if (error != ErrorCode.None)
        {
            return Decision.Answer(new AllocateProducerIdsResponse { ErrorCode = error });
        }

        ProducerIdsRecord record = new()
        {
            BrokerId = request.BrokerId,
            BrokerEpoch = request.BrokerEpoch,
            NextProducerId = start + BlockSize,
        };
        return new Decision(
            [new VersionedRecord(record, 0)],
            new AllocateProducerIdsResponse { ProducerIdStart = start, ProducerIdLen = BlockSize });
    }
}
