using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Property.Raft;

/// <content>Voters that come and go (KIP-853).</content>
internal sealed partial class RaftNet
{
    private const int FirstPort = 9000;

    /// <summary>Asks the leader for changes, and does not care for the answers.</summary>
    private const int Operator = -1;

    private int _wiped;

    private static PeerEndpoint EndpointOf(int id) => new(id, "node", FirstPort + id);

    private static IReadOnlyList<VoterListener> ListenersOf(int id) =>
        [new VoterListener("CONTROLLER", "node", FirstPort + id)];

    private static Voter VoterOf(ModelNode node) =>
        new(node.Key, EndpointOf(node.Id)) { Listeners = ListenersOf(node.Id), MaxKRaftVersion = 1 };

    /// <summary>As <c>storage format</c> leaves a node: with --initial-controllers, or with none.</summary>
    private VoterHistory FirstVoters(int id)
    {
        if (!_plan.IsDynamic)
        {
            return new VoterHistory(_voters);
        }

        int voters = Math.Max(_plan.Nodes - 2, 1);
        VoterHistory empty = new VoterHistory(VoterSet.Empty).Add(-1, kraftVersion: 1);
        if (id >= voters)
        {
            return empty;
        }

        if (_sets.Count == 0)
        {
            _sets.Add(new VoterSet(Enumerable.Range(0, voters).Select(voter =>
                new Voter(new ReplicaKey(voter, new Uuid(77, voter)), EndpointOf(voter))
                {
                    Listeners = ListenersOf(voter),
                    MaxKRaftVersion = 1,
                })));
        }

        return empty.Add(-1, _sets[0]);
    }

    private void DoToVoters(RaftFaultKind kind, ModelNode node)
    {
        if (!_plan.IsDynamic)
        {
            return;
        }

        if (kind == RaftFaultKind.LoseDisk)
        {
            LoseDisk(node);
        }
        else if (Leader is { } leader && leader.PausedUntilMs <= NowMs)
        {
            RaftRequest? request = kind switch
            {
                RaftFaultKind.AddVoter => new RaftRequest.AddVoter(node.Key, ListenersOf(node.Id), true),
                // Whoever removes a voter while others are lost must leave a majority that is not.
                RaftFaultKind.RemoveVoter when leader.Replica!.Voters.TryGet(node.Id, out Voter? voter)
                    && HasLivingMajority(leader.Replica.Voters.Without(node.Id)) =>
                    new RaftRequest.RemoveVoter(voter.Value.Key),
                _ => null,
            };
            if (request is not null)
            {
                Step(leader, new RaftInput.Requested((Operator, 0, 0L), request));
            }
        }
    }

    private bool HasLivingMajority(VoterSet voters, ReplicaKey without = default) => voters.All.Count(voter =>
        voter.Key != without && _nodes[voter.Id].Key == voter.Key) >= voters.Majority;

    // A lost disk is a voter that never comes back: no voter set may have lost its majority for good.
    private void LoseDisk(ModelNode node)
    {
        VoterSet[] known = [.. _nodes.Select(each => each.Log.Voters.Current).Append(_sets[0])];
        ReplicaKey key = node.Key;
        bool isBearable = known.Where(voters => voters.Count > 0).All(voters =>
            HasLivingMajority(voters, key) && HasLivingMajority(voters.With(VoterOf(node)), key));
        if (isBearable)
        {
            Crash(node);
            _oracle.OnDiskLost(node);
            node.Directory = new Uuid(78 + ++_wiped, node.Id);
            node.Disk = new ElectionState(0, null, null);
            node.LastEpoch = 0;
            node.Log.Wipe(new VoterHistory(VoterSet.Empty).Add(-1, kraftVersion: 1));
            Schedule(_prng.Between(1, 80), () => StartIfDown(node));
        }
    }

    /// <summary>As the driver does where it writes the message.</summary>
    private static RaftRequest WithLeaderEndpoint(ModelNode node, RaftRequest request) => request switch
    {
        RaftRequest.BeginEpoch begin => begin with { LeaderEndpoint = EndpointOf(node.Id) },
        RaftRequest.EndEpoch end => end with { LeaderEndpoint = EndpointOf(node.Id) },
        _ => request,
    };

    private void AnswerVersions(ModelNode node, int to, long id)
    {
        int life = node.Life;
        _underWay[(node.Id, life, id)] = to;
        Schedule(_prng.Between(0, 2 * WireMs), () =>
        {
            if (_nodes[to].Replica is null || IsCut(node.Id, to))
            {
                Fail(node.Id, life, id, RpcStatus.Refused);
            }
            else if (_underWay.Remove((node.Id, life, id)))
            {
                Deliver(node.Id, life, new RaftInput.Replied(
                    id, new RaftReply.Versions(ErrorCode.None, (0, RaftSettings.MaxKRaftVersion))));
            }
        });
    }

    /// <summary>All know the same voters, who are committed; the leader is one of them.</summary>
    private bool AgreesOnVoters(ModelNode leader)
    {
        VoterHistory agreed = leader.Log.Voters;
        return agreed.Current.IsVoter(leader.Key)
            && agreed.Offset < leader.HighWatermark
            && _nodes.All(node => ReferenceEquals(node.Log.Voters.Current, agreed.Current))
            && (!_plan.JoinsByItself || _nodes.All(node => agreed.Current.IsVoter(node.Key)));
    }
}
