using System.Diagnostics;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Feeds the replica its inputs and carries out its effects. Everything runs on the driver's strand.</summary>
internal sealed class ReplicaLoop
{
    private readonly DriverContext _context;
    private readonly MetadataLog _log;
    private readonly QuorumStateFile _stateFile;
    private readonly RaftReplica _replica;
    private readonly GroupFlush _flush;
    private readonly LeaderAppends _appends;
    private readonly ListenerHub _hub;
    private readonly PeerChannels _peers;
    private readonly SnapshotDownload _download;
    private readonly OwnSnapshots _ownSnapshots;
    private readonly ReplyWriter _replies;
    private readonly QuorumDescriber _describer;
    private readonly ITimer _timer;
    private readonly Queue<RaftInput> _inputs = new();
    private readonly TaskCompletionSource _handedOver = new();

    private volatile LeaderTerm? _term;
    private volatile QuorumView _view;
    private bool _isProcessing;
    private bool _isAdvancePosted;
    private bool _isClosed;

    public ReplicaLoop(DriverContext context, MetadataLog log, Action<Exception> failed)
    {
        RaftSettings settings = context.Settings;
        _context = context;
        _log = log;
        _stateFile = new QuorumStateFile(context.Storage, log.Directory);
        _replica = new RaftReplica(
            settings, _stateFile.Read(), log, log.LatestSnapshot?.EndOffset ?? 0, context.Prng);
        _flush = new GroupFlush(log, context.Strand, end => Process(new RaftInput.Flushed(end)), failed);
        CommittedReader reader = new(log);
        _appends = new LeaderAppends(context, log, reader);
        _hub = new ListenerHub(log, reader, settings.NodeId, id => new SnapshotFileReader(id, log.Snapshots.Open(id)));
        _hub.OnCommitted(_replica.HighWatermark);
        _peers = new PeerChannels(context);
        _download = new SnapshotDownload(log);
        _ownSnapshots = new OwnSnapshots(context, log, failed) { Added = Publish };
        _replies = new ReplyWriter(settings, log, () => _replica.LeaderEndpoint);
        _describer = new QuorumDescriber(settings, _replica, log, context.Time);
        _view = MakeView();
        _timer = context.Time.CreateTimer(
            static state => ((ReplicaLoop)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        context.Logger.Opened(
            settings.NodeId, _replica.Leader.Epoch, log.StartOffset, log.EndOffset, log.LatestSnapshot);
    }

    /// <summary>For any thread.</summary>
    public QuorumView View => _view;

    /// <summary>The epoch that this node leads, and may append in; for any thread.</summary>
    public LeaderTerm? Term => _term;

    /// <summary>Leadership was handed over, if there was any.</summary>
    public Task HandedOver => _handedOver.Task;

    /// <summary>Flushes and snapshots under way.</summary>
    public Task Background => Task.WhenAll(_flush.Completion, _ownSnapshots.Completion);

    /// <summary>Gives the replica an input, and all that follows from it.</summary>
    public void Process(RaftInput input)
    {
        if (_isClosed)
        {
            return;
        }

        _inputs.Enqueue(input);
        if (_isProcessing)
        {
            return;
        }

        _isProcessing = true;
        while (_inputs.TryDequeue(out RaftInput? next))
        {
            IReadOnlyList<RaftEffect> effects = _replica.Step(_context.Time.MonotonicMs(), next);
            for (int i = 0; i < effects.Count; i++)
            {
                Perform(effects[i]);
            }
        }

        _isProcessing = false;
        Publish();
        AdvanceListeners();
    }

    public void Handle(PendingRequest pending)
    {
        if (_isClosed)
        {
            pending.Respond(ReplyWriter.Unavailable(pending.Request), null);
        }
        else if (pending.Request is DescribeQuorumRequest describe)
        {
            pending.Respond(_describer.Describe(describe, pending.Version), null);
        }
        else
        {
            (RaftRequest? request, IApiMessage? refusal) = _replies.Read(pending.Request, pending.Version);
            if (request is null)
            {
                pending.Respond(refusal!, null);
            }
            else
            {
                Process(new RaftInput.Requested(pending, request));
            }
        }
    }

    /// <summary>Asks the replica for a higher kraft.version.</summary>
    public void Upgrade(RaftRequest.UpgradeVersion request, Action<ErrorCode, string?> completion)
    {
        if (_isClosed)
        {
            completion(ErrorCode.NotController, null);
        }
        else
        {
            Process(new RaftInput.Requested(completion, request));
        }
    }

    public void AddListener(IQuorumListener listener)
    {
        _hub.Add(listener);
        AdvanceListeners();
    }

    /// <summary>Any thread.</summary>
    public ISnapshotWriter? CreateSnapshot(LogPoint id, long lastContainedTimestampMs)
    {
        if (_log.LatestSnapshot is { } latest && latest.EndOffset >= id.EndOffset)
        {
            return null;
        }

        if (id.EndOffset > _view.HighWatermark)
        {
            throw new ArgumentOutOfRangeException(nameof(id), id, "only what is committed goes into a snapshot");
        }

        return _ownSnapshots.Create(id, lastContainedTimestampMs);
    }

    /// <summary>Writes what the leader's term has queued, in one write and one flush.</summary>
    public void DrainAppends()
    {
        if (_isClosed || _term is not { } term)
        {
            return;
        }

        if (_appends.Drain(term))
        {
            _flush.Request();
            Process(RaftInput.LogChanged.Instance);
        }
    }

    /// <summary>Has the strand write what the leader's term has queued.</summary>
    public void PostDrain() =>
        _context.Strand.Post(static (loop, _) => ((ReplicaLoop)loop!).DrainAppends(), this, null);

    /// <summary>Stops for good: timers and connections go, what is parked is not answered any more.</summary>
    public void Close()
    {
        _isClosed = true;
        _term = null;
        _inputs.Clear();
        _flush.Stop();
        _timer.Dispose();
        _peers.Dispose();
        _download.Dispose();
        _handedOver.TrySetResult();
    }

    private void Perform(RaftEffect effect)
    {
        switch (effect)
        {
            case RaftEffect.PersistVote(var state):
                _stateFile.Write(state, _context.Settings.Voters, _log.Voters.KRaftVersion);
                _inputs.Enqueue(new RaftInput.VotePersisted(state));
                break;
            case RaftEffect.Send(var to, var endpoint, var id, var request):
                _peers.Send(to, endpoint, request, reply => _context.Strand.Post(OnReply, id, reply));
                break;
            case RaftEffect.Respond(Action<ErrorCode, string?> completion, RaftReply.VoterChange change):
                completion(change.Error, change.Message);
                break;
            case RaftEffect.Respond(var token, var reply):
                _replies.Respond((PendingRequest)token, reply);
                break;
            case RaftEffect.Commit(var highWatermark):
                _log.NoteHighWatermark(highWatermark);
                _hub.OnCommitted(highWatermark);
                _context.Stats.Committed(highWatermark);
                break;
            case RaftEffect.LeaderChanged(var leader, var epochStartOffset):
                OnLeaderChanged(leader, epochStartOffset);
                break;
            case RaftEffect.RoleChanged(var from, var to, var state, var reason):
                _context.Logger.RoleChanged(_context.Settings.NodeId, from, to, state.Epoch, reason);
                _context.Stats.RoleChanged(to);
                break;
            case RaftEffect.WakeAt(var atMs):
                ArmTimer(atMs);
                break;
            case RaftEffect.ShutdownComplete:
                _handedOver.TrySetResult();
                break;
            default:
                PerformOnLog(effect);
                break;
        }
    }

    private void PerformOnLog(RaftEffect effect)
    {
        switch (effect)
        {
            case RaftEffect.AppendLeaderChange change:
                AppendLeaderChange(change);
                break;
            case RaftEffect.AppendVoters(var epoch, var voters, var kraftVersion):
                if (_term is { } term && term.Epoch == epoch)
                {
                    _context.Logger.AppendsVoters(_context.Settings.NodeId, epoch, voters);
                    term.AppendVoters(voters, kraftVersion, _context.Time.WallClockMs());
                    PostDrain();
                }

                break;
            case RaftEffect.Append(var records):
                if (_log.TryAppend(records, _replica.Leader.Epoch))
                {
                    _flush.Request();
                    _inputs.Enqueue(RaftInput.LogChanged.Instance);
                }
                else
                {
                    _context.Logger.AppendRefused(_context.Settings.NodeId, _log.EndOffset);
                    _inputs.Enqueue(RaftInput.AppendRefused.Instance);
                }

                break;
            case RaftEffect.Truncate(var endOffset):
                _context.Logger.Truncated(_context.Settings.NodeId, _log.EndOffset, endOffset);
                _log.TruncateTo(endOffset);
                _flush.Truncated();
                _inputs.Enqueue(RaftInput.LogChanged.Instance);
                break;
            case RaftEffect.WriteSnapshotChunk(var id, var position, var bytes, var isLast):
                RaftInput outcome = _download.Write(id, position, bytes.Span, isLast);
                if (outcome is RaftInput.SnapshotInstalled)
                {
                    _flush.Truncated();
                    _context.Logger.SnapshotInstalled(_context.Settings.NodeId, id);
                }
                else if (outcome is RaftInput.SnapshotRefused)
                {
                    _context.Logger.SnapshotRefused(_context.Settings.NodeId, id);
                }

                _inputs.Enqueue(outcome);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void AppendLeaderChange(RaftEffect.AppendLeaderChange change)
    {
        _term = _appends.Begin(change);
        _flush.Request();
        _inputs.Enqueue(RaftInput.LogChanged.Instance);
    }

    private void OnLeaderChanged(LeaderAndEpoch leader, long epochStartOffset)
    {
        if (!leader.IsLeader(_context.Settings.NodeId))
        {
            _term = null;
        }

        _context.Logger.LeaderChanged(_context.Settings.NodeId, leader);
        _context.Stats.LeaderChanged(leader, _context.Settings.NodeId);
        _hub.OnLeaderChanged(leader, epochStartOffset);
    }

    // Byte fields of the response are borrowed until everything that follows from it is done.
    private void OnReply(object? requestId, object? reply)
    {
        using RpcReply received = (RpcReply)reply!;
        RaftReply? answer = received.Response is { } response ? IncomingReplies.FromMessage(response) : null;
        Process(answer is not null
            ? new RaftInput.Replied((long)requestId!, answer)
            : new RaftInput.Failed(
                (long)requestId!,
                received.Status == RpcStatus.Ok ? RpcStatus.UnsupportedVersion : received.Status));
    }

    private void OnTimer() => _context.Strand.Post(
        static (loop, _) => ((ReplicaLoop)loop!).Process(RaftInput.TimePassed.Instance), this, null);

    private void ArmTimer(long atMs)
    {
        TimeSpan wait = atMs == long.MaxValue
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds(Math.Clamp(atMs - _context.Time.MonotonicMs(), 0, int.MaxValue));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void AdvanceListeners()
    {
        if (!_isClosed && _hub.Advance() && !_isAdvancePosted)
        {
            _isAdvancePosted = true;
            _context.Strand.Post(static (loop, _) => ((ReplicaLoop)loop!).OnAdvancePosted(), this, null);
        }
    }

    private void OnAdvancePosted()
    {
        _isAdvancePosted = false;
        AdvanceListeners();
    }

    private void Publish() => _view = MakeView();

    private QuorumView MakeView() => new(
        _replica.Leader, _replica.Role, _log.StartOffset, _log.EndOffset, _replica.HighWatermark, _log.LatestSnapshot,
        _log.Voters, _replica.LeaderEndpoint);
}
