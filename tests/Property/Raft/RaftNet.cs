using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
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
    private readonly Dictionary<(int From, long Id), (int To, int Life)> _underWay = [];
    private readonly RaftOracle _oracle;
    private readonly VoterSet _voters;
    private long _order;
    private long _nextValue;
    private int _eventsAtOnce;
    private bool _isHealed;

    public RaftNet(RaftPlan plan, PlantedFault planted = PlantedFault.None)
    {
        _plan = plan;
        _planted = planted;
        _prng = new Prng((ulong)plan.Seed);
        _voters = VoterSet.FromEndpoints(
            Enumerable.Range(0, plan.Nodes).Select(id => new PeerEndpoint(id, "node", 9000 + id)));
        for (int id = 0; id < plan.Nodes; id++)
        {
            _nodes.Add(new ModelNode(id));
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
        while (NowMs < healedMs + 20_000 && !IsConverged(before))
        {
            RunUntil(NowMs + 100);
            Append();
        }

        if (!IsConverged(before))
        {
            throw new RaftViolationException("with a majority connected, a leader is elected and appends commit");
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
            DirectoryId = new Uuid(77, node.Id),
            ClusterId = "net",
            Voters = _voters,
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
        foreach (((int from, long id), (int to, int life)) in _underWay.OrderBy(entry => entry.Key).ToArray())
        {
            if (to == node.Id && !IsCut(from, to))
            {
                _underWay.Remove((from, id));
                int sender = life;
                Schedule(1, () => Deliver(from, sender, new RaftInput.Failed(id, RpcStatus.Disconnected)));
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

        leader.Log.Entries.Add(new ModelEntry(leader.Replica!.Election.Epoch, ++_nextValue));
        Flush(leader);
        Step(leader, RaftInput.LogChanged.Instance);
        return true;
    }

    public void HealAll()
    {
        _cut.Clear();
        _isHealed = true;
        foreach (ModelNode node in _nodes)
        {
            if (node.Replica is null)
            {
                Start(node);
            }
        }
    }

    public void Cut(int a, int b)
    {
        _cut.Add((a, b));
        _cut.Add((b, a));
    }

    private bool IsConverged(int before) => Leader is { } leader && _oracle.CommittedCount > before
        && _nodes.All(node => node.HighWatermark > before && node.Replica!.Leader == leader.Replica!.Leader);

    private void ScheduleAppends(long untilMs)
    {
        for (long at = 20; at < untilMs; at += _prng.Between(5, 60))
        {
            Schedule(at, () => Append());
        }
    }

    private void Do(RaftFault fault)
    {
        ModelNode node = _nodes[fault.A % _nodes.Count];
        switch (fault.Kind)
        {
            case RaftFaultKind.Crash:
                Crash(node);
                break;
            case RaftFaultKind.Restart:
                Crash(node);
                Schedule(_prng.Between(1, 80), () => StartIfDown(node));
                break;
            case RaftFaultKind.Cut:
                Cut(node.Id, fault.B % _nodes.Count);
                break;
            case RaftFaultKind.Heal:
                _cut.Clear();
                break;
            case RaftFaultKind.Pause:
                node.PausedUntilMs = Math.Max(node.PausedUntilMs, NowMs + _prng.Between(50, 4000));
                break;
            case RaftFaultKind.Resign when Leader is { } leader:
                Step(leader, new RaftInput.ResignRequested(leader.Replica!.Election.Epoch));
                break;
            case RaftFaultKind.RestartAll:
                foreach (ModelNode each in _nodes)
                {
                    Crash(each);
                    Schedule(_prng.Between(1, 80), () => StartIfDown(each));
                }

                break;
            default:
                break;
        }
    }

    private void StartIfDown(ModelNode node)
    {
        if (node.Replica is null)
        {
            Start(node);
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
            case RaftEffect.Send(var to, var id, var request):
                Send(node, to, id, request);
                break;
            case RaftEffect.Respond(var token, var reply):
                Respond(node, ((int From, int Life, long Id))token, reply);
                break;
            case RaftEffect.AppendLeaderChange(var epoch, _, _):
                node.Log.Entries.Add(new ModelEntry(epoch, -epoch));
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
        int life = node.Life;
        _underWay[(node.Id, id)] = (to, life);
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
        if (reply is RaftReply.Fetch { ReadFrom: { } offset } fetch)
        {
            reply = fetch with { Records = node.Log.Read(offset) };
        }

        if (!IsLost(node.Id, token.From))
        {
            Schedule(_prng.Between(0, WireMs), () =>
            {
                if (!IsCut(node.Id, token.From) && _underWay.Remove((token.From, token.Id)))
                {
                    Deliver(token.From, token.Life, new RaftInput.Replied(token.Id, reply));
                }
            });
        }
    }

    private void Fail(int from, int life, long id, RpcStatus status)
    {
        if (_underWay.Remove((from, id)))
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
