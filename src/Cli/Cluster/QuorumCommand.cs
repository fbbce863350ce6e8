using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Cluster;

/// <summary><c>quorum</c>: who leads the metadata quorum, how far the others are, and who votes.</summary>
internal static class QuorumCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command quorum = new("quorum", "The metadata quorum and its voters")
        {
            Describe(options), AddVoter(options), RemoveVoter(options),
        };
        options.AddTo(quorum);
        return quorum;
    }

    private static Command Describe(ClusterOptions options)
    {
        Command describe = new("describe", "Show the leader, the epoch and how far every replica is");
        describe.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            ClusterDescription cluster = await admin.Cluster.DescribeAsync(includeFenced: false, cancellation);
            QuorumDescription quorum = await admin.Quorum.DescribeAsync(cancellation);
            Report replicas = new(
                "node", "role", "log end", "lag", "last fetch", "last caught up", "directory", "endpoint");
            long leaderEnd = quorum.Voters.Where(voter => voter.Id == quorum.LeaderId).Select(
                voter => voter.LogEndOffset).DefaultIfEmpty(quorum.HighWatermark).First();
            foreach (QuorumReplica voter in quorum.Voters.OrderBy(voter => voter.Id))
            {
                Add(voter, voter.Id == quorum.LeaderId ? "leader" : "follower");
            }

            foreach (QuorumReplica observer in quorum.Observers.OrderBy(observer => observer.Id))
            {
                Add(observer, "observer");
            }

            context.Screen.Show(new Page("cluster", cluster.ClusterId)
                .Fact("leader", quorum.LeaderId)
                .Fact("epoch", quorum.LeaderEpoch)
                .Fact("high watermark", quorum.HighWatermark)
                .Add("replicas", replicas));
            return 0;

            void Add(QuorumReplica replica, string role)
            {
                long lag = Math.Max(leaderEnd - replica.LogEndOffset, 0);
                replicas.Add(
                    replica.Id, Cell.Of(role, role).As(role == "leader" ? Tone.Good : Tone.Plain),
                    replica.LogEndOffset, ((Cell)lag).As(lag > 0 ? Tone.Warning : Tone.Plain),
                    Cell.Ago(replica.LastFetchMs), Cell.Ago(replica.LastCaughtUpMs),
                    replica.DirectoryId.IsZero ? Cell.None : replica.DirectoryId,
                    quorum.Endpoints.TryGetValue(replica.Id, out IReadOnlyDictionary<string, BrokerAddress>? places)
                        ? (string[])[.. places.Values.Select(place => place.ToString())]
                        : Cell.None);
            }
        });
        return describe;
    }

    private static Command AddVoter(ClusterOptions options)
    {
        Argument<int> node = new("node") { Description = "Node id of a controller that observes the quorum" };
        Option<string?> directory = new("--directory-id")
        {
            Description = "Id of its metadata log's folder; left out: that of the observer with this node id",
        };
        Option<string[]> listeners = new("--listener")
        {
            Description = "Where the voters reach it, NAME=host:port; repeatable",
            Required = true,
        };
        Command add = new("add-voter", "Make an observing controller a voter (KIP-853)") { node, directory, listeners };
        add.Run(options, async (context, cancellation) =>
        {
            int id = context.Required(node);
            Dictionary<string, BrokerAddress> places = KeyValueOption.Parse(context.Value(listeners)).ToDictionary(
                pair => pair.Key, pair => BrokerAddress.Parse(pair.Value));
            await using KafkaAdmin admin = context.Admin();
            Uuid folder = await DirectoryAsync(
                admin, id, context.Value(directory), quorum => quorum.Observers, "observer", cancellation);
            await admin.Quorum.AddVoterAsync(id, folder, places, cancellation);
            ChangeLog changes = new();
            changes.Done($"node {id} votes", ("node", id), ("directoryId", folder));
            return context.Finish(changes);
        });
        return add;
    }

    private static Command RemoveVoter(ClusterOptions options)
    {
        Argument<int> node = new("node") { Description = "Node id of a voter" };
        Option<string?> directory = new("--directory-id")
        {
            Description = "Id of its metadata log's folder; left out: that of the voter with this node id",
        };
        Command remove = new("remove-voter", "Take a voter out of the quorum (KIP-853)") { node, directory };
        remove.Run(options, async (context, cancellation) =>
        {
            int id = context.Required(node);
            await using KafkaAdmin admin = context.Admin();
            Uuid folder = await DirectoryAsync(
                admin, id, context.Value(directory), quorum => quorum.Voters, "voter", cancellation);
            await admin.Quorum.RemoveVoterAsync(id, folder, cancellation);
            ChangeLog changes = new();
            changes.Done($"node {id} votes no more", ("node", id), ("directoryId", folder));
            return context.Finish(changes);
        });
        return remove;
    }

    private static async Task<Uuid> DirectoryAsync(
        KafkaAdmin admin, int id, string? given, Func<QuorumDescription, IReadOnlyList<QuorumReplica>> among,
        string role, CancellationToken cancellation)
    {
        if (given is not null)
        {
            return Uuid.Parse(given);
        }

        QuorumReplica[] found = [.. among(await admin.Quorum.DescribeAsync(cancellation)).Where(
            replica => replica.Id == id)];
        return found.Length == 1
            ? found[0].DirectoryId
            : throw new ToolException(
                $"the quorum has {found.Length} {role}s with node id {id}",
                "'kraftsharp quorum describe' shows them; --directory-id says which one is meant");
    }
}
