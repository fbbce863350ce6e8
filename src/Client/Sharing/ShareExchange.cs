using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Sharing;

/// <summary>Fetches records for this member and says what becomes of them, one request at a time with each
/// broker.</summary>
/// <remarks>An acknowledgement is sent once: without an answer nobody knows whether it counts, and the broker gives the
/// record to somebody when its lock or the session ends. Owned by the caller of the consumer.</remarks>
internal sealed class ShareExchange
{
    // Renewals came with version 2, and so did the strict limit of records, which older brokers leave out.
    private static readonly VersionRange Versions = new(1, short.MaxValue);
    private static readonly VersionRange WithRenewals = new(2, short.MaxValue);

    // While records lie ready, what is said of others waits that long for company.
    private const long LingerMs = 50;

    private readonly ClusterClient _cluster;
    private readonly ShareConsumerOptions _options;
    private readonly ShareAssignment _assignment;
    private readonly Inbox _inbox;
    private readonly ShareAnswers _answers;
    private readonly SortedDictionary<int, ShareNode> _nodes = [];
    private readonly string _memberId;
    private int _turn;

    public ShareExchange(
        ClusterClient cluster, ShareConsumerOptions options, ShareAssignment assignment, Inbox inbox, string memberId)
    {
        (_cluster, _options, _assignment, _inbox, _memberId) = (cluster, options, assignment, inbox, memberId);
        Metadata = new MetadataWants(cluster);
        _answers = new ShareAnswers(cluster, options, assignment, Held, Metadata, TakeBack);
    }

    public HeldRecords Held { get; } = new();

    public MetadataWants Metadata { get; }

    public ShareAnswers Answers => _answers;

    /// <summary>Something that was said has not been answered.</summary>
    public bool IsSaying => _nodes.Values.Any(node => !node.Staged.IsEmpty || !node.Said.IsEmpty);

    /// <summary>Says it with the next request to the broker that holds the record.</summary>
    public void Say(HeldRecord held, AcknowledgeType type)
    {
        long offset = held.Record.Offset;
        ShareNode node = NodeOf(held.NodeId);
        node.StagedSinceMs = node.Staged.IsEmpty ? _cluster.Runtime.NowMs : node.StagedSinceMs;
        node.Staged.Add(held.Partition, new AckRun(offset, offset, (sbyte)type, IsSaid: true));
    }

    /// <summary>Asks every broker for records that is not being asked, if records are wanted, and says what is to be
    /// said.</summary>
    /// <param name="nowMs">On the runtime's clock.</param>
    /// <param name="wantsRecords">There are none.</param>
    /// <param name="mayLinger">What is to be said may wait a moment for more.</param>
    /// <param name="nextMs">Made earlier where something is to be done by then.</param>
    public void Start(long nowMs, bool wantsRecords, bool mayLinger, ref long nextMs)
    {
        Dictionary<int, HashSet<SharedPartition>> wanted = Wanted(nowMs, ref nextMs);
        int? only = wantsRecords && _options.AcquireMode == ShareAcquireMode.RecordLimit
            ? NextInTurn(wanted, nowMs)
            : null;
        foreach (int nodeId in wanted.Keys)
        {
            NodeOf(nodeId);
        }

        foreach (ShareNode node in _nodes.Values.Where(node => !node.IsBusy))
        {
            if (node.RetryAtMs > nowMs)
            {
                nextMs = Math.Min(nextMs, node.RetryAtMs);
                continue;
            }

            bool fetches = wantsRecords && wanted.ContainsKey(node.Id)
                && (_options.AcquireMode == ShareAcquireMode.BatchOptimized || only == node.Id);
            if (fetches || !mayLinger || nowMs - node.StagedSinceMs >= LingerMs)
            {
                Start(node, fetches ? wanted[node.Id] : null);
            }
        }
    }

    /// <summary>Tells a broker that its session is over, and with it what this member holds there. Ends when it has
    /// answered.</summary>
    public async Task CloseAsync(TimeSpan timeout)
    {
        List<Task<BrokerResponse>> pending = [];
        foreach (ShareNode node in _nodes.Values.Where(node => node.Session.IsOpen))
        {
            if (_cluster.ChannelTo(node.Id) is not { } channel)
            {
                continue;
            }

            ShareAcknowledgeRequest request = new() { GroupId = _options.GroupId, MemberId = _memberId };
            Acknowledgements said = node.Staged.TakeAll();
            node.Session.Fill(request, said, isLast: true);
            Task<BrokerResponse> sent = channel.SendAsync(
                request, said.HasRenewals ? WithRenewals : Versions, timeout);
            node.Session.Lose();
            _inbox.Expect(sent, response => _answers.HandleAcknowledged(node, said, response));
            pending.Add(sent);
        }

        await Task.WhenAll(pending);
    }

    private AckRun? TakeBack(SharedPartition partition, long offset) =>
        _nodes.Values.Select(node => node.Staged.Take(partition, offset)).FirstOrDefault(run => run is not null);

    private ShareNode NodeOf(int nodeId)
    {
        if (!_nodes.TryGetValue(nodeId, out ShareNode? node))
        {
            _nodes.Add(nodeId, node = new ShareNode(nodeId));
        }

        return node;
    }

    private Dictionary<int, HashSet<SharedPartition>> Wanted(long nowMs, ref long nextMs)
    {
        Dictionary<int, HashSet<SharedPartition>> wanted = [];
        foreach (TopicPartition partition in _assignment.Partitions)
        {
            long retryAtMs = _assignment.RetryAtMs(partition);
            if (retryAtMs > nowMs)
            {
                nextMs = Math.Min(nextMs, retryAtMs);
            }
            else if (Metadata.LeaderOf(partition) is { } leader
                && _cluster.View.Topics[partition.Topic].Id is { IsZero: false } id)
            {
                if (!wanted.TryGetValue(leader.LeaderId, out HashSet<SharedPartition>? partitions))
                {
                    wanted.Add(leader.LeaderId, partitions = []);
                }

                partitions.Add(new SharedPartition(id, partition));
            }
        }

        return wanted;
    }

    /// <summary>With a strict limit one broker is asked at a time, each in turn; null while one is.</summary>
    private int? NextInTurn(Dictionary<int, HashSet<SharedPartition>> wanted, long nowMs)
    {
        if (_nodes.Values.Any(node => node.IsFetching))
        {
            return null;
        }

        int[] ids =
            [.. wanted.Keys.Where(id => NodeOf(id) is { IsBusy: false } node && node.RetryAtMs <= nowMs).Order()];
        return ids.Length == 0 ? null : ids[_turn++ % ids.Length];
    }

    /// <param name="node">Not busy.</param>
    /// <param name="wanted">Null: no records.</param>
    private void Start(ShareNode node, HashSet<SharedPartition>? wanted)
    {
        bool isSilent = node.Staged.IsEmpty || !node.Session.IsOpen;
        if (wanted is not null
            && (isSilent || (!node.Staged.HasRenewals && node.Staged.Partitions.All(wanted.Contains))))
        {
            Fetch(node, wanted);
        }
        else if (!node.Staged.IsEmpty && node.Session.IsOpen)
        {
            Acknowledge(node);
        }
        else if (!node.Staged.IsEmpty)
        {
            _answers.Fail(
                node.Staged.TakeAll(), ErrorCode.ShareSessionNotFound,
                "the session with the broker has ended, and with it what this member held");
        }
    }

    private void Fetch(ShareNode node, HashSet<SharedPartition> wanted)
    {
        if (_cluster.ChannelTo(node.Id) is not { } channel)
        {
            return;
        }

        ShareFetchRequest request = new()
        {
            GroupId = _options.GroupId,
            MemberId = _memberId,
            MaxWaitMs = (int)_options.FetchMaxWait.TotalMilliseconds,
            MinBytes = _options.FetchMinBytes,
            MaxBytes = _options.FetchMaxBytes,
            MaxRecords = _options.MaxPollRecords,
            BatchSize = _options.MaxPollRecords,
            ShareAcquireMode = (sbyte)_options.AcquireMode,
        };
        node.Said = node.Session.IsOpen ? node.Staged.TakeAll() : new Acknowledgements();
        node.Session.Fill(request, wanted, node.Said);
        (node.IsBusy, node.IsFetching) = (true, true);
        long sentMs = _cluster.Runtime.NowMs;
        _inbox.Expect(
            channel.SendAsync(request, Versions, _options.RequestTimeout + _options.FetchMaxWait),
            response =>
            {
                ConsumerMetrics.Fetched(_options.ClientId, _cluster.Runtime.NowMs - sentMs);
                _answers.HandleFetched(node, wanted, response);
            });
    }

    private void Acknowledge(ShareNode node)
    {
        Acknowledgements said = node.Staged.TakeAll();
        if (_cluster.ChannelTo(node.Id) is not { } channel)
        {
            _answers.Fail(said, ErrorCode.NetworkException, $"broker {node.Id} is not known any more");
            return;
        }

        ShareAcknowledgeRequest request = new() { GroupId = _options.GroupId, MemberId = _memberId };
        node.Session.Fill(request, said, isLast: false);
        node.Said = said;
        node.IsBusy = true;
        _inbox.Expect(
            channel.SendAsync(request, said.HasRenewals ? WithRenewals : Versions, _options.RequestTimeout),
            response => _answers.HandleAcknowledged(node, said, response));
    }
}
