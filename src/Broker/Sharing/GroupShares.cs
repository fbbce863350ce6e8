using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Broker.Sharing.Core;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Sharing;

/// <summary>One share group on one broker: its sessions, the share partitions that the broker leads, and the fetches
/// that wait for records.</summary>
/// <remarks>One strand: a fetch reads and takes, and nobody comes in between.</remarks>
internal sealed class GroupShares
{
    private const string VersionFeature = "share.version";
    private const short WithDeadLetters = 2;

    private readonly Strand _strand;
    private readonly Dictionary<string, ShareSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<TopicIdPartition, SharePartition> _partitions = [];
    private readonly List<ShareFetchOperation> _waiting = [];
    private (ConfigsImage Configs, FeaturesImage Features, ShareGroupSettings Settings)? _settings;

    public GroupShares(string groupId, ShareServices services)
    {
        GroupId = groupId;
        Services = services;
        _strand = new Strand { Faulted = services.Fault };
    }

    public string GroupId { get; }

    public ShareServices Services { get; }

    /// <summary>True once nobody may use it any more: another one takes its place.</summary>
    public bool IsRetired { get; private set; }

    public bool IsEmpty => _sessions.Count == 0 && _partitions.Count == 0;

    /// <summary>Those in force now.</summary>
    public ShareGroupSettings Settings
    {
        get
        {
            MetadataImage image = Services.Image();
            if (_settings is not { } known || !ReferenceEquals(known.Configs, image.Configs)
                || !ReferenceEquals(known.Features, image.Features))
            {
                known = (image.Configs, image.Features, ShareGroupSettings.Of(
                    Services.Configs, GroupId, image.Features.LevelOf(VersionFeature) >= WithDeadLetters));
                _settings = known;
            }

            return known.Settings;
        }
    }

    public void Post(Action action) => _strand.Post(action);

    public ShareSession? Session(string memberId) => _sessions.GetValueOrDefault(memberId);

    /// <summary>False when this broker has as many sessions as it may.</summary>
    public bool TryOpen(ShareSession session)
    {
        Forget(session.MemberId);
        if (!Services.Sessions.TryEnter())
        {
            return false;
        }

        _sessions[session.MemberId] = session;
        Services.Sessions.Opened(session.ConnectionId, GroupId);
        return true;
    }

    /// <summary>False when there is no such session.</summary>
    public bool Close(string memberId)
    {
        if (Session(memberId) is not { } session)
        {
            return false;
        }

        Forget(memberId);

        foreach (TopicIdPartition partition in session.Partitions)
        {
            _partitions.GetValueOrDefault(partition)?.Release(memberId);
        }

        return true;
    }

    /// <summary>Sessions that came by a connection end with it; with the last of them, the group's state
    /// goes.</summary>
    public void ConnectionClosed(long connectionId)
    {
        string[] gone = [.. _sessions.Values.Where(session => session.ConnectionId == connectionId)
            .Select(session => session.MemberId)];
        foreach (string memberId in gone)
        {
            Close(memberId);
        }

        if (_sessions.Count == 0)
        {
            FenceAll(ErrorCode.NotLeaderOrFollower);
        }
    }

    /// <summary>Ends everything here.</summary>
    public void Retire()
    {
        IsRetired = true;
        foreach (string memberId in _sessions.Keys.ToArray())
        {
            Forget(memberId);
        }

        FenceAll(ErrorCode.NotLeaderOrFollower);
    }

    /// <summary>Whether a member's records of a partition are known here.</summary>
    public SharePartition? Find(TopicIdPartition partition)
    {
        if (!_partitions.TryGetValue(partition, out SharePartition? found))
        {
            return null;
        }

        if (!found.IsLeader)
        {
            found.Fence(ErrorCode.NotLeaderOrFollower);
            Drop(found);
            return null;
        }

        return found;
    }

    /// <summary>The share partition, which begins to load if it is new; or why there is none.</summary>
    public (SharePartition? Found, ErrorCode Error) FindOrLoad(TopicIdPartition name)
    {
        if (Find(name) is { } known)
        {
            return (known, ErrorCode.None);
        }

        if (Services.Replicas.Get(name.TopicId, name.Partition) is not { } partition)
        {
            return (null, !Services.Image().Topics.TryGet(name.TopicId, out TopicImage? topic)
                ? ErrorCode.UnknownTopicId
                : topic.Partitions.ContainsKey(name.Partition)
                    ? ErrorCode.NotLeaderOrFollower
                    : ErrorCode.UnknownTopicOrPartition);
        }

        ReplicaView view = partition.View;
        if (!view.IsLeader)
        {
            return (null, ErrorCode.NotLeaderOrFollower);
        }

        SharePartition loading = new(
            this, new SharePartitionKey(GroupId, name.TopicId, name.Partition), partition, view.LeaderEpoch);
        _partitions[name] = loading;
        loading.Load();
        return (loading, ErrorCode.None);
    }

    /// <summary>Takes what a member says of a partition's records.</summary>
    public void Acknowledge(
        TopicIdPartition name, string memberId, IReadOnlyList<Acknowledgement> said, Action<ShareError?> done)
    {
        switch (Find(name))
        {
            case { IsActive: true } partition:
                partition.Acknowledge(memberId, said, Settings, done);
                break;
            case { Status: SharePartitionStatus.Loading }:
                done(new ShareError(
                    ErrorCode.InvalidRecordState,
                    "Batch record not found. The request batch offsets are not found in the cache."));
                break;
            default:
                done(ShareError.Of(ErrorCode.UnknownTopicOrPartition));
                break;
        }
    }

    public void Wait(ShareFetchOperation operation)
    {
        _waiting.RemoveAll(static waiting => waiting.IsDone);
        if (!_waiting.Contains(operation))
        {
            _waiting.Add(operation);
        }
    }

    /// <summary>There may be something for those who wait for a partition.</summary>
    public void Changed(SharePartition partition)
    {
        foreach (ShareFetchOperation operation in _waiting.ToArray())
        {
            if (operation.IsFor(partition))
            {
                // Behind what runs now: what changed may not be through yet.
                Post(operation.Look);
            }
        }
    }

    /// <summary>A share partition has failed or is fenced: the next request begins with another one.</summary>
    public void Drop(SharePartition partition)
    {
        TopicIdPartition name = new(partition.Key.TopicId, partition.Key.Partition);
        if (_partitions.GetValueOrDefault(name) == partition)
        {
            _partitions.Remove(name);
        }

        Changed(partition);
    }

    /// <summary>Ends a session; what its member holds stays held.</summary>
    private void Forget(string memberId)
    {
        if (_sessions.Remove(memberId))
        {
            Services.Sessions.Leave();
        }
    }

    private void FenceAll(ErrorCode error)
    {
        foreach (SharePartition partition in _partitions.Values.ToArray())
        {
            partition.Fence(error);
            Drop(partition);
        }
    }
}
