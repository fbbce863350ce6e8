using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Coordination;

/// <summary>What clients of a coordinator are told when its records could not be written.</summary>
internal static class AppendErrors
{
    public static ErrorCode ForClients(ErrorCode error) => error switch
    {
        ErrorCode.UnknownTopicOrPartition or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend
            or ErrorCode.RequestTimedOut => ErrorCode.CoordinatorNotAvailable,
        ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError => ErrorCode.NotCoordinator,
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidFetchSize =>
            ErrorCode.UnknownServerError,
        _ => error,
    };
}
