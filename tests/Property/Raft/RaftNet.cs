using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>Replicas in a network and on disks of memory, in virtual time, from one seed.</summary>
internal sealed partial class RaftNet
{
    private const int WireMs = 8;
    private const int MostEventsAtOnce = 10_000;

    private readonly PriorityQueue<Action, (long AtMs, long Order)> _events = new();
    private readonly RaftPlan _plan;
    private readonly PlantedFault _planted;
    private readonly Prng _prng;
    private readonly List<ModelNode> _nodes = [];
    private readonly HashSet<(int, int)> _cut = [];
    private readonly Dictionary<(int From, int Life, long Id), int> _underWay = [];
    private readonly RaftOracle _oracle;
    private readonly VoterSet _voters;
    private readonly List<VoterSet> _sets = [];
    private readonly PlantedFaults _plantedInReplica;
    private long _order;
    private long _nextValue;
    private int _eventsAtOnce;
    private bool _isHealed;

    public RaftNet(
        RaftPlan plan, PlantedFault planted = PlantedFault.None, PlantedFaults inReplica = PlantedFaults.None)
    {
        _plantedInReplica = inReplica;
        _plan = plan;
        _planted = planted;
        _prng = new Prng((ulong)plan.Seed);
        _voters = VoterSet.FromEndpoints(
            Enumerable.Range(0, plan.Nodes).Select(EndpointOf));
        for (int id = 0; id < plan.Nodes; id++)
        {
            _nodes.Add(new ModelNode(id, FirstVoters(id), _sets));
        }

        _oracle = new RaftOracle(_nodes);
    }

    public long NowMs { get; private set; }

    public IReadOnlyList<ModelNode> Nodes => _nodes;

    public RaftOracle Oracle => _oracle;

    /// <summary>The running node that leads in the highest epoch.</summary>
    public ModelNode? Leader => _nodes
        .Where(node => node.Replica is { Role: RaftRole.Leader })
        .MaxBy(node => node.Replica!.Election.Epoch);

    /// <summary>Runs the whole plan, heals, and demands that the cluster goes on.</summary>
    public void RunPlan()
    {
        foreach (ModelNode node in _nodes)
        {
            Start(node);
        }

        long atMs = 300;
        foreach (RaftFault fault in _plan.Faults)
        {
            atMs += fault.AfterMs;
            Schedule(atMs - NowMs, () => Do(fault));
        }

        ScheduleAppends(atMs + 500);
        RunUntil(atMs + 600);
        HealAll();
        long healedMs = NowMs;
        int before = _oracle.CommittedCount;
        while (NowMs < healedMs + (_plan.IsDynamic ? 60_000 : 20_000) && !IsConverged(before))
        {
            RunUntil(NowMs + 100);
            Append();
        }

        if (!IsConverged(before))
        {
            throw new RaftViolationException("with a majority connected, a leader is elected and appends commit: "
                + string.Join("; ", _nodes.Select(node => node.State)));
        }
    }

    public void RunUntil(long untilMs)
    {
        while (_events.TryPeek(out _, out var next) && next.AtMs <= untilMs)
        {
            Action action = _events.Dequeue();
            if (next.AtMs == NowMs && ++_eventsAtOnce > MostEventsAtOnce)
            {
                throw new RaftViolationException($"no end of events at {NowMs} ms");
            }

            _eventsAtOnce = next.AtMs == NowMs ? _eventsAtOnce : 0;
            NowMs = next.AtMs;
            action();
        }

        NowMs = untilMs;
    }

    public void Start(ModelNode node)
    {
        node.Life++;
        RaftSettings settings = new()
        {
            NodeId = node.Id,
            DirectoryId = node.Directory,
            ClusterId = "net",
            Voters = _plan.IsDynamic ? VoterSet.Empty : _voters,
            BootstrapServers = _plan.IsDynamic ? [.. _voters.All.Select(voter => voter.Endpoint)] : [],
            OwnListeners = ListenersOf(node.Id),
            JoinsByItself = _plan.JoinsByItself,
            Planted = _plantedInReplica,
            FetchMaxWaitMs = 200,
        };
        node.Replica = new RaftReplica(settings, node.Disk, node.Log, 0, _prng.Fork());
        node.HighWatermark = 0;
        node.IsFlushing = false;
        Step(node, RaftInput.Started.Instance);
    }

    /// <param name="losesAll">All that was not flushed; otherwise some of it may be on disk all the same.</param>
    public void Crash(ModelNode node, bool losesAll = false)
    {
        if (node.Replica is null)
        {
            return;
        }

        node.Replica = null;
        node.Life++;
        node.PausedUntilMs = 0;
        node.LastEpoch = node.Disk.Epoch; // what was never durable was never told
        int lost = (int)(node.Log.EndOffset - node.Log.DurableEnd);
        int end = (int)node.Log.EndOffset - (lost == 0 ? 0 : losesAll ? lost : _prng.Below(lost + 1));
        node.Log.Truncate(end);
        node.Log.DurableEnd = end;
        foreach (((int from, int life, long id), int to) in _underWay.OrderBy(entry => entry.Key).ToArray())
        {
            if (to == node.Id && !IsCut(from, to))
            {
                _underWay.Remove((from, life, id));
                Schedule(1, () => Deliver(from, life, new RaftInput.Failed(id, RpcStatus.Disconnected)));
            }
        }
    }

    /// <summary>The leader takes one record.</summary>
    public bool Append()
    {
        if (Leader is not { } leader || leader.PausedUntilMs > NowMs)
        {
            return false;
        }

        leader.Log.Add(new ModelEntry(leader.Replica!.Election.Epoch, ++_nextValue));
        Flush(leader);
        Step(leader, RaftInput.LogChanged.Instance);
        return true;
    }

    private bool IsConverged(int before) => Leader is { } leader && _oracle.CommittedCount > before
        && _nodes.All(node => node.HighWatermark > before && node.Replica!.Leader == leader.Replica!.Leader)
        && (!_plan.IsDynamic || AgreesOnVoters(leader));

    private void ScheduleAppends(long untilMs)
    {
        for (long at = 20; at < untilMs; at += _prng.Between(5, 60))
        {
            Schedule(at, () => Append());
        }
    }

    private void Step(ModelNode node, RaftInput input)
    {
        Queue<RaftInput> inputs = new([input]);
        while (inputs.TryDequeue(out RaftInput? next))
        {
            RaftRole before = node.Replica!.Role;
            foreach (RaftEffect effect in node.Replica.Step(NowMs, next))
            {
                Perform(node, effect, inputs);
            }

            RaftOracle.OnEpoch(node);
            _oracle.OnVoters(node);
            if (node.Replica.Role == RaftRole.Leader && before != RaftRole.Leader)
            {
                _oracle.OnLeader(node.Id, node.Replica.Election.Epoch);
            }
        }
    }

    private void Perform(ModelNode node, RaftEffect effect, Queue<RaftInput> inputs)
    {
        int life = node.Life;
        switch (effect)
        {
            case RaftEffect.PersistVote(var state):
                PersistVote(node, state, inputs);
                break;
            case RaftEffect.Send(_, var endpoint, var id, RaftRequest.AskVersions):
                AnswerVersions(node, endpoint.Port - FirstPort, id);
                break;
            case RaftEffect.Send(_, var endpoint, var id, var request):
                Send(node, endpoint.Port - FirstPort, id, request);
                break;
            case RaftEffect.Respond(var token, var reply):
                Respond(node, ((int From, int Life, long Id))token, reply);
                break;
            case RaftEffect.AppendVoters(var epoch, var voters, _):
                node.Log.Add(new ModelEntry(epoch, ++_nextValue, voters));
                inputs.Enqueue(RaftInput.LogChanged.Instance);
                Flush(node);
                break;
            case RaftEffect.AppendLeaderChange(var epoch, _, _, var newVoters):
                node.Log.Add(new ModelEntry(epoch, -epoch, newVoters));
                inputs.Enqueue(RaftInput.LogChanged.Instance);
                Flush(node);
                break;
            case RaftEffect.Append(var records):
                node.Log.Append(records.Span);
                inputs.Enqueue(RaftInput.LogChanged.Instance);
                Flush(node);
                break;
            case RaftEffect.Truncate(var endOffset):
                Truncate(node, endOffset);
                inputs.Enqueue(RaftInput.LogChanged.Instance);
                Flush(node);
                break;
            case RaftEffect.Commit(var highWatermark):
                _oracle.OnCommit(node, highWatermark);
                break;
            case RaftEffect.WakeAt(var atMs):
                long order = ++node.WakeOrder;
                if (atMs != long.MaxValue)
                {
                    Schedule(atMs - NowMs, () => Wake(node, life, order));
                }

                break;
            default:
                break;
        }
    }

    private void Send(ModelNode node, int to, long id, RaftRequest request)
    {
        request = WithLeaderEndpoint(node, request);
        int life = node.Life;
        _underWay[(node.Id, life, id)] = to;
        Schedule(2000, () => Fail(node.Id, life, id, RpcStatus.TimedOut));
        if (IsLost(node.Id, to))
        {
            return;
        }

        Schedule(_prng.Between(0, WireMs), () =>
        {
            ModelNode target = _nodes[to];
            if (IsCut(node.Id, to))
            {
                return;
            }

            if (target.Replica is null)
            {
                Schedule(1, () => Fail(node.Id, life, id, RpcStatus.Refused));
                return;
            }

            Deliver(to, target.Life, new RaftInput.Requested((node.Id, life, id), request));
            if (_prng.Below(20) == 0)
            {
                Schedule(_prng.Between(1, 500), () => Deliver(
                    to, target.Life, new RaftInput.Requested((node.Id, life, id), request)));
            }
        });
    }

    private void Respond(ModelNode node, (int From, int Life, long Id) token, RaftReply reply)
    {
        if (token.From == Operator)
        {
            return;
        }

        RaftOracle.OnReply(node, reply);
        if (reply is RaftReply.Fetch { ReadFrom: { } offset } fetch)
        {
            reply = fetch with { Records = node.Log.Read(offset) };
        }

        reply = reply with { LeaderEndpoint = node.Replica!.LeaderEndpoint };
        if (!IsLost(node.Id, token.From))
        {
            Schedule(_prng.Between(0, WireMs), () =>
            {
                if (!IsCut(node.Id, token.From) && _underWay.Remove((token.From, token.Life, token.Id)))
                {
                    Deliver(token.From, token.Life, new RaftInput.Replied(token.Id, reply));
                }
            });
        }
    }

    private void Fail(int from, int life, long id, RpcStatus status)
    {
        if (_underWay.Remove((from, life, id)))
        {
            Deliver(from, life, new RaftInput.Failed(id, status));
        }
    }

    private bool IsCut(int from, int to) => _cut.Contains((from, to));

    private bool IsLost(int from, int to) => IsCut(from, to) || (!_isHealed && _prng.Below(100) < _plan.LossPercent);

    private void Wake(ModelNode node, int life, long order)
    {
        if (order == node.WakeOrder)
        {
            Deliver(node.Id, life, RaftInput.TimePassed.Instance);
        }
    }

    private void Deliver(int to, int life, RaftInput input)
    {
        ModelNode node = _nodes[to];
        if (node.Replica is null || node.Life != life)
        {
            return;
        }

        if (node.PausedUntilMs > NowMs)
        {
            Schedule(node.PausedUntilMs - NowMs, () => Deliver(to, life, input));
            return;
        }

        Step(node, input);
    }

    private void Schedule(long inMs, Action action) =>
        _events.Enqueue(action, (NowMs + Math.Max(inMs, 0), ++_order));
}
