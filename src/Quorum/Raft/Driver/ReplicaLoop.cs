using System.Diagnostics;
using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Feeds the replica its inputs and carries out its effects. Everything runs on the driver's strand.</summary>
internal sealed class ReplicaLoop
{
    private const int MostBytesPerWrite = 4 * 1024 * 1024;

    private readonly DriverContext _context;
    private readonly MetadataLog _log;
    private readonly QuorumStateFile _stateFile;
    private readonly RaftReplica _replica;
    private readonly GroupFlush _flush;
    private readonly CommittedReader _reader;
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
        _stateFile = new QuorumStateFile(context.Storage, log.Directory, settings.Voters);
        _replica = new RaftReplica(
            settings, _stateFile.Read(), log, log.LatestSnapshot?.EndOffset ?? 0, context.Prng);
        _flush = new GroupFlush(log, context.Strand, end => Process(new RaftInput.Flushed(end)), failed);
        _reader = new CommittedReader(log);
        _hub = new ListenerHub(log, _reader, settings.NodeId, id => new SnapshotFileReader(id, log.Snapshots.Open(id)));
        _hub.OnCommitted(_replica.HighWatermark);
        _peers = new PeerChannels(context);
        _download = new SnapshotDownload(log);
        _ownSnapshots = new OwnSnapshots(context, log, failed) { Added = Publish };
        _replies = new ReplyWriter(settings, log);
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

        List<PendingBatch> batches = [];
        while (term.TryTake(out PendingBatch? batch))
        {
            batches.Add(batch);
        }

        if (batches.Count == 0)
        {
            return;
        }

        int first = 0;
        while (first < batches.Count)
        {
            int count = 0;
            int size = 0;
            do
            {
                size += batches[first + count].Bytes.Length;
                count++;
            }
            while (first + count < batches.Count && size + batches[first + count].Bytes.Length <= MostBytesPerWrite);
            Append(batches.GetRange(first, count), size);
            first += count;
        }

        _flush.Request();
        Process(RaftInput.LogChanged.Instance);
    }

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

    private void Append(List<PendingBatch> batches, int size)
    {
        Invariant.Require(
            batches[0].Batch.BaseOffset == _log.EndOffset, "a leader's offsets are those it gave out",
            batches[0].Batch.BaseOffset, _log.EndOffset);
        bool isWritten;
        if (batches.Count == 1)
        {
            isWritten = _log.TryAppend(batches[0].Bytes, _replica.Leader.Epoch);
        }
        else
        {
            using PooledChunk together = new(size);
            int at = 0;
            foreach (PendingBatch batch in batches)
            {
                batch.Bytes.CopyTo(together.Memory[at..]);
                at += batch.Bytes.Length;
            }

            isWritten = _log.TryAppend(together.Memory, _replica.Leader.Epoch);
        }

        Invariant.Require(isWritten, "a leader's own batches continue its log", batches[0].Batch.BaseOffset, size);
        foreach (PendingBatch batch in batches)
        {
            _reader.Remember(batch.Batch);
        }
    }

    private void Perform(RaftEffect effect)
    {
        switch (effect)
        {
            case RaftEffect.PersistVote(var state):
                _stateFile.Write(state);
                _inputs.Enqueue(new RaftInput.VotePersisted(state));
                break;
            case RaftEffect.Send(var to, var id, var request):
                _peers.Send(to, request, reply => _context.Strand.Post(OnReply, id, reply));
                break;
            case RaftEffect.Respond(var token, var reply):
                _replies.Respond((PendingRequest)token, reply);
                break;
            case RaftEffect.Commit(var highWatermark):
                _log.NoteHighWatermark(highWatermark);
                _hub.OnCommitted(highWatermark);
                break;
            case RaftEffect.LeaderChanged(var leader, var epochStartOffset):
                OnLeaderChanged(leader, epochStartOffset);
                break;
            case RaftEffect.RoleChanged(var from, var to, var state, var reason):
                _context.Logger.RoleChanged(_context.Settings.NodeId, from, to, state.Epoch, reason);
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
        LogPoint at = new(change.Epoch, _log.EndOffset);
        long nowMs = _context.Time.WallClockMs();
        byte[] batch = MetadataBatches.LeaderChange(
            at, nowMs, _context.Settings.NodeId, change.Voters, change.Granting);
        bool isWritten = _log.TryAppend(batch, change.Epoch);
        Invariant.Require(isWritten, "a leader's first batch continues its log", at, batch.Length);
        _reader.Remember(new CommittedBatch(at.EndOffset, at.EndOffset, at.Epoch, nowMs, [], batch.Length));
        _term = new LeaderTerm(change.Epoch, _log.EndOffset, _context.Settings);
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
        _replica.Leader, _replica.Role, _log.StartOffset, _log.EndOffset, _replica.HighWatermark, _log.LatestSnapshot);
}
