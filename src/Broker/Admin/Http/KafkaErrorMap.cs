using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>
/// Kafka's errors as HTTP status and <c>error_code</c>, as the Confluent REST API maps them: what does not exist is
/// 404, what is forbidden 403, what may succeed later 503, what the caller did wrong 400.
/// </summary>
internal static class KafkaErrorMap
{
    public static (int Status, int Code) StatusOf(ErrorCode error) => error switch
    {
        ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId => (404, 40403),
        ErrorCode.GroupIdNotFound or ErrorCode.UnknownMemberId or ErrorCode.TransactionalIdNotFound
            or ErrorCode.NoReassignmentInProgress or ErrorCode.ResourceNotFound => (404, 404),
        ErrorCode.SaslAuthenticationFailed => (401, 40101),
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed
            or ErrorCode.ClusterAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed
            or ErrorCode.DelegationTokenAuthorizationFailed => (403, 40301),
        ErrorCode.PolicyViolation => (403, 40302),
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge => (413, 41301),
        ErrorCode.ThrottlingQuotaExceeded => (429, 42901),
        ErrorCode.UnsupportedVersion or ErrorCode.SecurityDisabled => (501, 50101),
        ErrorCode.RequestTimedOut => (504, 50403),
        ErrorCode.UnknownServerError or ErrorCode.KafkaStorageError or ErrorCode.CorruptMessage => (500, 50002),
        ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderOrFollower or ErrorCode.BrokerNotAvailable
            or ErrorCode.ReplicaNotAvailable or ErrorCode.NetworkException or ErrorCode.CoordinatorLoadInProgress
            or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator or ErrorCode.NotController
            or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend
            or ErrorCode.PreferredLeaderNotAvailable or ErrorCode.EligibleLeadersNotAvailable
            or ErrorCode.ConcurrentTransactions => (503, 50003),
        _ => (400, 40002),
    };
}
