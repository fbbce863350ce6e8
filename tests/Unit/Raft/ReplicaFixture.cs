using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Unit.Raft;

/// <summary>One replica, number 1 of three, whose clock, log and disk a test moves by hand.</summary>
internal sealed class ReplicaFixture
{
    public ReplicaFixture(int voters = 3, ElectionState durable = default, int nodeId = 1, params int[] epochsOfLog)
        : this(
            new RaftSettings
            {
                NodeId = nodeId,
                DirectoryId = default,
                ClusterId = "cluster",
                Voters = VoterSet.FromEndpoints(
                    Enumerable.Range(1, voters).Select(id => new PeerEndpoint(id, "host", 9090 + id))),
            },
            durable, new ListLog(epochsOfLog))
    {
    }

    private ReplicaFixture(RaftSettings settings, ElectionState durable, ListLog log)
    {
        log.Voters = log.Voters.KRaftVersion > 0 ? log.Voters : new VoterHistory(settings.Voters);
        Log = log;
        Replica = new RaftReplica(settings, durable, log, highWatermark: 0, new Prng(1));
        Give(RaftInput.Started.Instance);
    }

    /// <summary>Replica 1, with directories and listeners; its voters are static or, in the log, dynamic.</summary>
    public static ReplicaFixture WithDirectories(int voters, bool isDynamic, int nodeId = 1)
    {
        VoterSet set = new(Enumerable.Range(1, voters).Select(VoterOf));
        return new ReplicaFixture(
            new RaftSettings
            {
                NodeId = nodeId,
                DirectoryId = DirectoryOf(nodeId),
                ClusterId = "cluster",
                Voters = isDynamic
                    ? VoterSet.Empty
                    : VoterSet.FromEndpoints(set.All.Select(voter => voter.Endpoint)),
                OwnListeners = ListenersOf(nodeId),
            },
            default,
            new ListLog([])
            {
                Voters = isDynamic
                    ? new VoterHistory(VoterSet.Empty).Add(-1, kraftVersion: 1).Add(-1, set)
                    : new VoterHistory(VoterSet.Empty),
            });
    }

    public static Uuid DirectoryOf(int id) => new(55, id);

    public static ReplicaKey KeyOf(int id) => new(id, DirectoryOf(id));

    public static IReadOnlyList<VoterListener> ListenersOf(int id) => [new("CONTROLLER", "host", 9090 + id)];

    public static Voter VoterOf(int id) => new(KeyOf(id), new PeerEndpoint(id, "host", 9090 + id))
    {
        Listeners = ListenersOf(id),
        MaxKRaftVersion = 1,
    };

    public RaftReplica Replica { get; }

    public ListLog Log { get; }

    public long NowMs { get; private set; } = 1000;

    /// <summary>Whether votes become durable at once.</summary>
    public bool PersistsAtOnce { get; set; } = true;

    /// <summary>What was asked of the driver since <see cref="Clear"/>, votes and timers left out.</summary>
    public List<RaftEffect> Effects { get; } = [];

    public long WakeAtMs { get; private set; }

    public IEnumerable<RaftEffect.Send> Sent => Effects.OfType<RaftEffect.Send>();

    public void Clear() => Effects.Clear();

    public void Give(RaftInput input)
    {
        List<RaftInput> more = [];
        foreach (RaftEffect effect in Replica.Step(NowMs, input))
        {
            switch (effect)
            {
                case RaftEffect.PersistVote(var state):
                    if (PersistsAtOnce)
                    {
                        more.Add(new RaftInput.VotePersisted(state));
                    }

                    break;
                case RaftEffect.WakeAt(var atMs):
                    WakeAtMs = atMs;
                    break;
                default:
                    Effects.Add(effect);
                    if (effect is RaftEffect.AppendLeaderChange change)
                    {
                        AppendVoters(change.Epoch, change.NewVoters, null);
                        more.Add(RaftInput.LogChanged.Instance);
                    }
                    else if (effect is RaftEffect.AppendVoters(var epoch, var voters, var level))
                    {
                        AppendVoters(epoch, voters, level);
                        more.Add(RaftInput.LogChanged.Instance);
                    }
                    else if (effect is RaftEffect.Truncate truncate)
                    {
                        Log.Epochs.RemoveRange((int)truncate.EndOffset, Log.Epochs.Count - (int)truncate.EndOffset);
                        more.Add(RaftInput.LogChanged.Instance);
                    }

                    break;
            }
        }

        more.ForEach(Give);
    }

    private void AppendVoters(int epoch, VoterSet? voters, short? level)
    {
        Log.Voters = level is { } version ? Log.Voters.Add(Log.EndOffset, version) : Log.Voters;
        Log.Voters = voters is null ? Log.Voters : Log.Voters.Add(Log.EndOffset, voters);
        Log.Epochs.Add(epoch);
    }

    public void Advance(long ms)
    {
        NowMs += ms;
        Give(RaftInput.TimePassed.Instance);
    }

    public void Request(RaftRequest request, string token = "token") => Give(new RaftInput.Requested(token, request));

    /// <summary>The one answer that was given since.</summary>
    public T Answer<T>(string token = "token")
        where T : RaftReply =>
        Assert.IsType<T>(Assert.Single(
            Effects.OfType<RaftEffect.Respond>(), respond => respond.Token.Equals(token)).Reply);

    public T Request<T>(RaftRequest request)
        where T : RaftReply
    {
        Clear();
        Request(request);
        return Answer<T>();
    }

    public void Reply(int peer, Func<RaftRequest, bool> which, RaftReply reply) =>
        Give(new RaftInput.Replied(Sent.Last(send => send.To == peer && which(send.Request)).RequestId, reply));

    /// <summary>Wins an election with the vote of replica 2.</summary>
    public void BecomeLeader()
    {
        Advance(WakeAtMs - NowMs + 3000);
        int epoch = Replica.Election.Epoch;
        if (Replica.Role == RaftRole.Prospective)
        {
            Reply(2, request => request is RaftRequest.Vote { IsPreVote: true }, new RaftReply.Vote(
                ErrorCode.None, new LeaderAndEpoch(null, epoch), true));
            Reply(2, request => request is RaftRequest.Vote { IsPreVote: false }, new RaftReply.Vote(
                ErrorCode.None, new LeaderAndEpoch(null, epoch + 1), true));
        }

        Assert.Equal(RaftRole.Leader, Replica.Role);
        Give(new RaftInput.Flushed(Log.EndOffset));
    }

    /// <summary>Follows replica 2 in this epoch, and has fetched from it.</summary>
    public void Follow(int epoch)
    {
        Request(new RaftRequest.BeginEpoch(2, epoch, null));
        Reply(2, request => request is RaftRequest.Fetch, new RaftReply.Fetch(
            ErrorCode.None, new LeaderAndEpoch(2, epoch))
        { HighWatermark = 0 });
        Assert.Equal(RaftRole.Follower, Replica.Role);
    }

    public static RaftRequest.Vote Vote(int epoch, int candidate, LogPoint end, bool isPreVote = false) =>
        new(epoch, new ReplicaKey(candidate, default), null, end, isPreVote);

    public static RaftRequest.Fetch Fetch(int replica, int epoch, long offset, int lastEpoch, long highWatermark = 0) =>
        new(new ReplicaKey(replica, default), epoch, offset, lastEpoch, highWatermark, 500);
}
