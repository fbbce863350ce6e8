using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Gives a replica of the metadata log its disk, network and time.</summary>
/// <remarks>
/// One strand owns all of it. Appends of the leader cost one write each turn and share flushes; listeners are called
/// on the strand.
/// </remarks>
public sealed class RaftDriver : IQuorum
{
    private readonly DriverContext _context;
    private readonly List<IQuorumListener> _early = [];
    private readonly QuorumView _notStarted;
    private volatile ReplicaLoop? _loop;
    private MetadataLog? _log;
    private bool _hasFailed;

    /// <param name="settings">Who this is and how long it waits.</param>
    /// <param name="storage">The node's file system.</param>
    /// <param name="directory">metadata.log.dir: the log lies in <c>__cluster_metadata-0</c> below it.</param>
    /// <param name="transport">Connections to the other voters.</param>
    /// <param name="time">Timers and both clocks.</param>
    /// <param name="prng">This component's own.</param>
    /// <param name="logger">Identity first: node, epoch, offset.</param>
    public RaftDriver(
        RaftSettings settings,
        IStorage storage,
        string directory,
        ITransport transport,
        TimeProvider time,
        Prng prng,
        ILogger logger)
    {
        Strand strand = new() { Faulted = OnFailure };
        _context = new DriverContext(settings, storage, directory, transport, time, prng, logger, strand);
        _notStarted = new QuorumView(
            new LeaderAndEpoch(null, 0), RaftRole.Unattached, 0, 0, 0, null, new VoterHistory(settings.Voters), null);
    }

    /// <summary>
    /// Called once when the disk failed or an invariant broke: the node must stop, this replica answers nothing more.
    /// </summary>
    public Action<Exception>? Faulted { get; init; }

    public int NodeId => _context.Settings.NodeId;

    public LeaderAndEpoch Leader => View.Leader;

    public long HighWatermark => View.HighWatermark;

    public long LogStartOffset => View.LogStartOffset;

    public long LogEndOffset => View.LogEndOffset;

    public LogPoint? LatestSnapshotId => View.Snapshot;

    public VoterSet Voters => View.Voters.Current;

    public PeerEndpoint? LeaderEndpoint => View.LeaderEndpoint;

    public short KRaftVersion => View.Voters.KRaftVersion;

    /// <summary>Latencies and rates; any thread.</summary>
    public RaftStats Stats => _context.Stats;

    /// <summary>The role's name, for people.</summary>
    public string Role => View.Role.ToString();

    private QuorumView View => _loop?.View ?? _notStarted;

    public void Register(IQuorumListener listener) => _context.Strand.Post(() =>
    {
        if (_loop is { } loop)
        {
            loop.AddListener(listener);
        }
        else
        {
            _early.Add(listener);
        }
    });

    public long? TryAppend(int epoch, IReadOnlyList<VersionedRecord> records, bool atomic = true)
    {
        ArgumentOutOfRangeException.ThrowIfZero(records.Count);
        if (_loop is not { } loop || loop.Term is not { } term || term.Epoch != epoch)
        {
            return null;
        }

        long lastOffset = term.Append(records, atomic, _context.Time.WallClockMs());
        loop.PostDrain();
        return lastOffset;
    }

    public void Resign(int epoch) => _context.Strand.Post(() => _loop?.Process(new RaftInput.ResignRequested(epoch)));

    public ISnapshotWriter? CreateSnapshot(LogPoint id, long lastContainedTimestampMs) =>
        _loop?.CreateSnapshot(id, lastContainedTimestampMs);

    public void Handle(IApiMessage request, short version, Action<IApiMessage, IDisposable?> respond) =>
        _context.Strand.Post(OnRequest, new PendingRequest(request, version, respond), null);

    public void UpgradeKRaftVersion(
        int epoch, short level, bool validateOnly, Action<ErrorCode, string?> completion) =>
        _context.Strand.Post(() =>
        {
            if (_loop is { } loop)
            {
                loop.Upgrade(new RaftRequest.UpgradeVersion(epoch, level, validateOnly), completion);
            }
            else
            {
                completion(ErrorCode.NotController, null);
            }
        });

    public async Task StartAsync()
    {
        _log = await MetadataLog.OpenAsync(_context.Settings, _context.Storage, _context.Directory, _context.Time);
        ReplicaLoop loop = new(_context, _log, OnFailure);
        _context.Strand.Post(() =>
        {
            _loop = loop;
            foreach (IQuorumListener listener in _early)
            {
                loop.AddListener(listener);
            }

            _early.Clear();
            loop.Process(RaftInput.Started.Instance);
        });
    }

    public async Task ShutdownAsync()
    {
        if (_loop is not { } loop)
        {
            return;
        }

        _context.Strand.Post(() => loop.Process(RaftInput.ShutdownRequested.Instance));
        await loop.HandedOver;
        TaskCompletionSource closed = new();
        _context.Strand.Post(() =>
        {
            loop.Close();
            closed.SetResult();
        });
        await closed.Task; // nothing touches the log from here on
        await loop.Background;
        if (_hasFailed)
        {
            _log!.Abandon();
        }
        else
        {
            await _log!.CloseAsync();
        }
    }

    private void OnRequest(object? pending, object? unused)
    {
        PendingRequest request = (PendingRequest)pending!;
        if (_loop is { } loop)
        {
            loop.Handle(request);
        }
        else
        {
            request.Respond(ReplyWriter.Unavailable(request.Request), null);
        }
    }

    // On the strand: whatever escaped a callback, or the disk's last word.
    private void OnFailure(Exception error)
    {
        if (_hasFailed)
        {
            return;
        }

        _hasFailed = true;
        _context.Logger.Failed(error, NodeId);
        _loop?.Close();
        Faulted?.Invoke(error);
    }
}
