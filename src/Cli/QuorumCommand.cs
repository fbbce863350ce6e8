using System.CommandLine;
using System.Globalization;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli;

/// <summary><c>quorum describe</c>: who leads the metadata quorum and how far the others are.</summary>
internal static class QuorumCommand
{
    public static Command Create()
    {
        ConnectionOptions connection = new();
        Command describe = new("describe", "Show the leader, the epoch and how far every replica is");
        connection.AddTo(describe);
        describe.Run(async (arguments, cancellation) =>
        {
            await using KafkaAdmin admin = KafkaAdmin.Create(connection.Apply(arguments, new ClientOptions()));
            ClusterDescription cluster = await admin.DescribeClusterAsync(cancellation);
            QuorumDescription quorum = await admin.DescribeQuorumAsync(cancellation);
            Console.WriteLine(
                $"cluster {cluster.ClusterId}: leader {quorum.LeaderId}, epoch {quorum.LeaderEpoch}, "
                + $"high watermark {quorum.HighWatermark}");
            Report report = new("node", "role", "log end", "lag", "last fetch", "last caught up");
            long leaderEnd = quorum.Voters.Where(voter => voter.Id == quorum.LeaderId).Select(
                voter => voter.LogEndOffset).DefaultIfEmpty(quorum.HighWatermark).First();
            foreach (QuorumReplica replica in quorum.Voters.OrderBy(voter => voter.Id))
            {
                Add(report, replica, replica.Id == quorum.LeaderId ? "leader" : "follower", leaderEnd);
            }

            foreach (QuorumReplica replica in quorum.Observers.OrderBy(observer => observer.Id))
            {
                Add(report, replica, "observer", leaderEnd);
            }

            report.Print();
            return 0;
        });
        return new Command("quorum", "The metadata quorum") { describe };
    }

    private static void Add(Report report, QuorumReplica replica, string role, long leaderEnd) => report.Add(
        $"{replica.Id}", role, $"{replica.LogEndOffset}", $"{Math.Max(leaderEnd - replica.LogEndOffset, 0)}",
        Ago(replica.LastFetchMs), Ago(replica.LastCaughtUpMs));

    private static string Ago(long timestampMs)
    {
        if (timestampMs < 0)
        {
            return "-";
        }

        double seconds = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - timestampMs) / 1000.0;
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(seconds, 0):0.0} s ago");
    }
}
