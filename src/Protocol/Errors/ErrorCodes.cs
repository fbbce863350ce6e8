using System.Text;

namespace KRaftSharp.Protocol;

/// <summary>What is known of each <see cref="ErrorCode"/>.</summary>
public static partial class ErrorCodes
{
    /// <summary>The name that Kafka's tools and documentation use, such as NOT_LEADER_OR_FOLLOWER.</summary>
    public static string KafkaName(ErrorCode code)
    {
        if (code == ErrorCode.InvalidTopic)
        {
            return "INVALID_TOPIC_EXCEPTION";
        }

        return Enum.IsDefined(code) ? Join(code.ToString(), '_').ToUpperInvariant() : $"UNKNOWN({(short)code})";
    }

    /// <summary>Whether the same request may succeed when it is sent again.</summary>
    public static bool IsRetriable(ErrorCode code) => code is
        ErrorCode.CorruptMessage or
        ErrorCode.UnknownTopicOrPartition or
        ErrorCode.LeaderNotAvailable or
        ErrorCode.NotLeaderOrFollower or
        ErrorCode.RequestTimedOut or
        ErrorCode.ReplicaNotAvailable or
        ErrorCode.NetworkException or
        ErrorCode.CoordinatorLoadInProgress or
        ErrorCode.CoordinatorNotAvailable or
        ErrorCode.NotCoordinator or
        ErrorCode.NotEnoughReplicas or
        ErrorCode.NotEnoughReplicasAfterAppend or
        ErrorCode.NotController or
        ErrorCode.ConcurrentTransactions or
        ErrorCode.KafkaStorageError or
        ErrorCode.FetchSessionIdNotFound or
        ErrorCode.InvalidFetchSessionEpoch or
        ErrorCode.ListenerNotFound or
        ErrorCode.FencedLeaderEpoch or
        ErrorCode.UnknownLeaderEpoch or
        ErrorCode.OffsetNotAvailable or
        ErrorCode.PreferredLeaderNotAvailable or
        ErrorCode.EligibleLeadersNotAvailable or
        ErrorCode.ElectionNotNeeded or
        ErrorCode.UnstableOffsetCommit or
        ErrorCode.ThrottlingQuotaExceeded or
        ErrorCode.UnknownTopicId or
        ErrorCode.InconsistentTopicId or
        ErrorCode.FetchSessionTopicIdError or
        ErrorCode.ShareSessionNotFound or
        ErrorCode.InvalidShareSessionEpoch or
        ErrorCode.ShareSessionLimitReached;

    /// <summary>The words of the name: what is said of a code that has no sentence of its own.</summary>
    private static string Words(ErrorCode code)
    {
        string words = Join(code.ToString(), ' ');
        return $"{words[0]}{words[1..].ToLowerInvariant()}.";
    }

    private static string Join(string name, char separator)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append(separator);
            }

            text.Append(letter);
        }

        return text.ToString();
    }
}
