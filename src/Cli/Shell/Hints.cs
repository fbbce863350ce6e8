using KRaftSharp.Protocol;

namespace KRaftSharp.Cli;

/// <summary>What a user can do about an error.</summary>
internal static class Hints
{
    /// <returns>Null where nothing more can be said.</returns>
    public static string? For(ErrorCode error, string servers) => error switch
    {
        ErrorCode.NetworkException or ErrorCode.RequestTimedOut =>
            $"is a broker running at {servers}? start one with 'scripts/cluster.sh up' or 'kraftsharp server', or name "
            + "another with -b HOST:PORT; --timeout-ms waits longer",
        ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId =>
            "'kraftsharp topics list' shows what there is",
        ErrorCode.TopicAlreadyExists => "'kraftsharp topics alter' changes it; --if-not-exists leaves it as it is",
        ErrorCode.GroupIdNotFound => "'kraftsharp groups list' shows what there is",
        ErrorCode.NonEmptyGroup or ErrorCode.UnknownMemberId or ErrorCode.GroupSubscribedToTopic =>
            "stop the group's members first: 'kraftsharp groups describe GROUP' shows them",
        ErrorCode.TransactionalIdNotFound => "'kraftsharp transactions list' shows what there is",
        ErrorCode.UnsupportedVersion => "the cluster is too old for this, or its metadata.version is",
        ErrorCode.SecurityDisabled => "the brokers have no authorizer: set authorizer.class.name",
        ErrorCode.ClusterAuthorizationFailed or ErrorCode.TopicAuthorizationFailed
            or ErrorCode.GroupAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed =>
            "an administrator may allow it with 'kraftsharp acls add'",
        ErrorCode.InvalidReplicationFactor => "'kraftsharp cluster describe' shows how many brokers there are",
        ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend =>
            "'kraftsharp topics describe TOPIC' shows which replicas are out of sync",
        ErrorCode.ElectionNotNeeded => "its leader is the right one already",
        ErrorCode.InvalidConfig => "'kraftsharp configs describe TYPE NAME --all' shows keys and values",
        ErrorCode.BrokerNotAvailable => "'kraftsharp cluster describe' shows the brokers",
        _ => null,
    };

    /// <summary>The names that could have been meant, nearest first.</summary>
    public static IReadOnlyList<string> Similar(string wrong, IEnumerable<string> known)
    {
        int most = wrong.Length <= 3 ? 1 : Math.Max(wrong.Length / 3, 2);
        return [.. known.Select(name => (name, distance: Distance(wrong, name)))
            .Where(pair => pair.distance <= most || pair.name.StartsWith(wrong, StringComparison.OrdinalIgnoreCase))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.name, StringComparer.Ordinal)
            .Take(3).Select(pair => pair.name)];
    }

    // Letters to insert, delete or replace (Levenshtein).
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int replaced = diagonal + (char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1])
                    ? 0
                    : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
