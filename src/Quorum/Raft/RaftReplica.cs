using System.Diagnostics;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Raft.Roles;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft;

/// <summary>
/// One replica of the metadata log as a pure state machine (KIP-595, 853, 996, 1166): time and inputs in, effects out.
/// Owns no clock, socket, file, task or lock.
/// </summary>
/// <remarks>
/// A message leaves only when epoch and vote behind it are durable; until then it is held. The log is seen through
/// <see cref="IRaftLogView"/> and changes only by effects that the driver carries out between two steps.
/// </remarks>
internal sealed partial class RaftReplica
{
    private readonly RaftSettings _settings;
    private readonly IRaftLogView _log;
    private readonly RaftTiming _timing;
    private readonly ReplicaKey _self;

    private readonly List<RaftEffect> _effects = [];
    private readonly List<RaftEffect> _held = [];
    private readonly SortedDictionary<int, PeerSlot> _control = [];
    private readonly SortedDictionary<int, PeerSlot> _fetch = [];
    private readonly PeerSlot _change = new();

    // As the log has it, from the beginning of each step.
    private VoterSet _voters;
    private bool _isVoter;
    private PeerEndpoint? _leaderEndpoint;

    private ElectionState _election;
    private ElectionState _submitted;
    private ElectionState _durable;
    private RaftRole _role;

    // Of the present role only.
    private long _roleDeadlineMs = long.MaxValue;
    private ElectionTally? _tally;
    private LeaderProgress? _leader;
    private FollowerState? _follower;
    private IReadOnlyList<ReplicaKey> _successors = [];

    private readonly HashSet<int> _endPending = [];
    private List<ParkedFetch> _parked = [];

    private long _quietUntilMs = long.MinValue;
    private long _lastRequestId;
    private long _flushedEnd;
    private long _highWatermark;
    private int _failedElections;
    private bool _isLogBusy;
    private bool _isShuttingDown;
    private bool _isShutDown;
    private long _wakeAtMs = long.MaxValue;

    /// <param name="durable">What quorum-state says.</param>
    /// <param name="log">Open, recovered and durable up to its end.</param>
    /// <param name="highWatermark">What is known to be committed: the latest snapshot's end, or 0.</param>
    public RaftReplica(RaftSettings settings, ElectionState durable, IRaftLogView log, long highWatermark, Prng prng)
    {
        _settings = settings;
        _voters = log.Voters.Current;
        _log = log;
        _timing = new RaftTiming(settings, prng);
        _self = settings.OwnKey;
        _isVoter = _voters.IsVoter(_self);
        _highWatermark = highWatermark;
        _flushedEnd = log.EndOffset;
        _submitted = _durable = durable;
        // Nobody leads after a restart, and an epoch that the log has seen was durable somewhere.
        _election = log.LastEpoch > durable.Epoch
            ? new ElectionState(log.LastEpoch, null, null)
            : durable with { LeaderId = durable.LeaderId == settings.NodeId ? null : durable.LeaderId };
        MakeSlots();
    }

    public RaftRole Role => _role;

    public LeaderAndEpoch Leader => _election.Leader;

    public ElectionState Election => _election;

    public long HighWatermark => _highWatermark;

    /// <summary>Who votes, as this replica's log says.</summary>
    public VoterSet Voters => _voters;

    /// <summary>The leader's book; null on everyone else.</summary>
    public LeaderProgress? Progress => _leader;

    /// <summary>Takes one input; the effects are valid until the next call.</summary>
    public IReadOnlyList<RaftEffect> Step(long nowMs, RaftInput input)
    {
        _effects.Clear();
        SyncVoters(nowMs);
        switch (input)
        {
            case RaftInput.Started:
                OnStarted(nowMs);
                break;
            case RaftInput.TimePassed:
                _wakeAtMs = long.MinValue; // the timer has fired, perhaps a moment early: arm it again
                break;
            case RaftInput.VotePersisted(var state):
                Invariant.Require(state.Epoch >= _durable.Epoch, "votes become durable in order", _durable, state);
                _durable = state;
                break;
            case RaftInput.Flushed(var endOffset):
                _flushedEnd = Math.Max(_flushedEnd, endOffset);
                break;
            case RaftInput.Requested(var token, var request):
                OnRequest(nowMs, token, request);
                break;
            case RaftInput.Replied(var id, var reply):
                OnReply(nowMs, id, reply);
                break;
            case RaftInput.Failed(var id, var status):
                OnFailed(nowMs, id, status);
                break;
            case RaftInput.ResignRequested(var epoch):
                if (_role == RaftRole.Leader && _election.Epoch == epoch)
                {
                    BecomeResigned(nowMs, "asked to resign");
                }

                break;
            case RaftInput.ShutdownRequested:
                OnShutdown(nowMs);
                break;
            default:
                OnLogInput(nowMs, input);
                break;
        }

        Poll(nowMs);
        FinishStep(nowMs);
        return _effects;
    }

    private void OnLogInput(long nowMs, RaftInput input)
    {
        switch (input)
        {
            case RaftInput.LogChanged:
                OnLogChanged(nowMs);
                break;
            case RaftInput.AppendRefused:
                _isLogBusy = false;
                BackOffFetch(nowMs);
                break;
            case RaftInput.SnapshotProgress(var id, var position):
                OnSnapshotProgress(id, position);
                break;
            case RaftInput.SnapshotInstalled(var id):
                OnSnapshotInstalled(id);
                break;
            case RaftInput.SnapshotRefused(var id):
                OnSnapshotRefused(nowMs, id);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void OnStarted(long nowMs)
    {
        if (_election.LeaderId is { } leader && EndpointOf(leader) is not null)
        {
            BecomeFollower(nowMs, _election.Epoch, leader, "led before the restart");
            _effects.Add(new RaftEffect.LeaderChanged(_election.Leader, -1)); // known already, but to nobody else
        }
        else
        {
            BecomeUnattached(nowMs, _election.Epoch, "start");
            _roleDeadlineMs = !CanLead ? long.MaxValue
                : nowMs + (_voters.Count == 1 && _isVoter ? 0 : _timing.FirstElection());
        }
    }

    private void OnShutdown(long nowMs)
    {
        _isShuttingDown = true;
        if (_role == RaftRole.Leader && (_voters.Count > 1 || !_isVoter))
        {
            BecomeResigned(nowMs, "shutting down");
        }
        else if (_role != RaftRole.Resigned)
        {
            CompleteShutdown();
        }
    }

    private void CompleteShutdown()
    {
        if (!_isShutDown)
        {
            _isShutDown = true;
            _effects.Add(RaftEffect.ShutdownComplete.Instance);
        }
    }

    /// <summary>Adds what must be persisted, releases what waited for it, and arms the timer.</summary>
    private void FinishStep(long nowMs)
    {
        bool isVoteNew = !_election.SameVote(_submitted);
        if (isVoteNew)
        {
            _submitted = _election;
            _effects.Add(new RaftEffect.PersistVote(_election));
        }

        if (_durable.SameVote(_election) && _held.Count > 0)
        {
            _effects.AddRange(_held);
            _held.Clear();
        }

        // Who leads is worth a note on disk, but nothing waits for it.
        if (!isVoteNew && _election != _submitted)
        {
            _submitted = _election;
            _effects.Add(new RaftEffect.PersistVote(_election));
        }

        Invariant.Require(
            _role != RaftRole.Leader || (_durable.Epoch == _election.Epoch && _durable.Voted == _self),
            "a leader's vote for itself is durable", _durable, _election);
        long wakeAt = NextDeadline(nowMs);
        if (wakeAt != _wakeAtMs)
        {
            _wakeAtMs = wakeAt;
            _effects.Add(new RaftEffect.WakeAt(wakeAt));
        }
    }

    private void Respond(object token, RaftReply reply) => _held.Add(new RaftEffect.Respond(token, reply));

    private void SetHighWatermark(long highWatermark)
    {
        if (highWatermark > _highWatermark)
        {
            Invariant.Require(
                highWatermark <= _log.EndOffset, "what is committed is in the log", highWatermark, _log.EndOffset);
            _highWatermark = highWatermark;
            _effects.Add(new RaftEffect.Commit(highWatermark));
        }
    }
}
