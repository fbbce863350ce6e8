using KRaftSharp.Broker.Coordination;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Classic;

/// <summary>
/// A group of the classic protocol: its members, its generation, and which of its rules a request breaks.
/// <see cref="ClassicRebalances"/> moves it from state to state.
/// </summary>
internal sealed class ClassicGroup(string id, long nowMs) : Group(id)
{
    /// <summary>The protocol type of consumers.</summary>
    public const string ConsumerType = "consumer";

    private readonly OrderedDictionary<string, ClassicMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _static = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pending = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pendingSync = new(StringComparer.Ordinal);
    private readonly WaitingJoins _waiting = new();
    private readonly CommonProtocols _common = new();
    private IReadOnlySet<string>? _subscribedTopics;

    public override string Type => "classic";

    public ClassicState State { get; private set; }

    public ClassicState PreviousState { get; private set; } = ClassicState.Dead;

    public override string StateName => State.ToString();

    public override string ProtocolTypeName => ProtocolType ?? "";

    public override bool IsEmpty => State == ClassicState.Empty;

    public string? ProtocolType { get; private set; }

    public string? ProtocolName { get; private set; }

    public string? LeaderId { get; private set; }

    public int Generation { get; private set; }

    /// <summary>When the state was entered last, on the wall clock.</summary>
    public long StateTimestampMs { get; private set; } = nowMs;

    /// <summary>Somebody joined since the initial delay was last looked at.</summary>
    public bool HasNewMembers { get; set; }

    /// <summary>In the order of joining.</summary>
    public IList<ClassicMember> Members => _members.Values;

    public int Count => _members.Count;

    public int AwaitingJoinCount => _waiting.Count;

    public IReadOnlyCollection<string> PendingSync => _pendingSync;

    public int RebalanceTimeoutMs =>
        _members.Count == 0 ? 0 : _members.Values.Max(member => member.RebalanceTimeoutMs);

    public bool HaveAllJoined =>
        _pending.Count == 0 && _waiting.Count == _members.Count;

    public bool HaveAllSynced => _pendingSync.Count == 0;

    public ClassicMember? Member(string memberId) => _members.GetValueOrDefault(memberId);

    public string? StaticMemberId(string? instanceId) =>
        instanceId is null ? null : _static.GetValueOrDefault(instanceId);

    public bool IsLeader(string memberId) => memberId == LeaderId;

    public bool IsPending(string memberId) => _pending.Contains(memberId);

    public void AddPending(string memberId) => _pending.Add(memberId);

    public bool RemovePending(string memberId) => _pending.Remove(memberId);

    public void AddPendingSync(string memberId) => _pendingSync.Add(memberId);

    public void RemovePendingSync(string memberId) => _pendingSync.Remove(memberId);

    public void ClearPendingSync() => _pendingSync.Clear();

    public void Become(ClassicState state, long now)
    {
        bool isAllowed = state switch
        {
            ClassicState.Empty => State is ClassicState.PreparingRebalance,
            ClassicState.PreparingRebalance =>
                State is ClassicState.Stable or ClassicState.CompletingRebalance or ClassicState.Empty,
            ClassicState.CompletingRebalance => State is ClassicState.PreparingRebalance,
            ClassicState.Stable => State is ClassicState.CompletingRebalance,
            ClassicState.Dead => true,
            _ => false,
        };
        Invariant.Require(isAllowed, "a group moves along its states", State, state);
        (PreviousState, State, StateTimestampMs) = (State, state, now);
    }

    public void Add(ClassicMember member)
    {
        if (_members.Count == 0)
        {
            ProtocolType = member.ProtocolType;
        }

        Invariant.Require(
            ProtocolType == member.ProtocolType, "members have the group's protocol type", Id, member.Id);
        LeaderId ??= member.Id;
        Put(member);
        if (member.InstanceId is { } instance)
        {
            _static[instance] = member.Id;
        }

        _pending.Remove(member.Id);
    }

    public void Remove(string memberId)
    {
        if (!_members.Remove(memberId, out ClassicMember? member))
        {
            return;
        }

        if (member.InstanceId is { } instance && _static.GetValueOrDefault(instance) == memberId)
        {
            _static.Remove(instance);
        }

        member.Waiting = null;
        _common.Forget();
        _pending.Remove(memberId);
        _pendingSync.Remove(memberId);
        if (IsLeader(memberId))
        {
            LeaderId = _members.Count == 0 ? null : _members.GetAt(0).Key;
        }
    }

    /// <summary>A static member comes back under a new id.</summary>
    public void Replace(ClassicMember old, ClassicMember now)
    {
        bool wasLeader = IsLeader(old.Id);
        _members.Remove(old.Id);
        old.Waiting = null;
        _common.Forget();
        _pendingSync.Remove(old.Id);
        Put(now);
        _static[now.InstanceId!] = now.Id;
        if (wasLeader)
        {
            LeaderId = now.Id;
        }
    }

    /// <summary>The leader stays if it has joined; else the first that has. False when nobody has joined.</summary>
    public bool TryElectJoinedLeader()
    {
        if (LeaderId is { } id && Member(id) is { IsAwaitingJoin: true })
        {
            return true;
        }

        LeaderId = _members.Values.FirstOrDefault(member => member.IsAwaitingJoin)?.Id ?? LeaderId;
        return LeaderId is { } elected && Member(elected) is { IsAwaitingJoin: true };
    }

    public bool Supports(string protocolType, IReadOnlyList<ClassicProtocol> protocols)
    {
        if (IsEmpty || _members.Count == 0)
        {
            return protocolType.Length > 0 && protocols.Count > 0;
        }

        return protocolType == ProtocolType && _common.Include(Members, protocols);
    }

    /// <summary>A member that joins again offers these.</summary>
    public void Offer(ClassicMember member, IReadOnlyList<ClassicProtocol> protocols) =>
        _common.Offer(member, protocols);

    public string SelectProtocol() => _common.Select(Members);

    public void NextGeneration(long now)
    {
        Generation++;
        ProtocolName = _members.Count == 0 ? null : SelectProtocol();
        ComputeSubscriptions();
        _pendingSync.Clear();
        Become(_members.Count == 0 ? ClassicState.Empty : ClassicState.CompletingRebalance, now);
    }

    /// <summary>A stable group that was one of the consumer protocol.</summary>
    public static ClassicGroup Stable(string id, int generation, IEnumerable<ClassicMember> members, long now)
    {
        ClassicGroup group = new(id, now) { State = ClassicState.Stable, Generation = generation };
        foreach (ClassicMember member in members)
        {
            group.Add(member);
        }

        group.ProtocolName = group.SelectProtocol();
        group.ComputeSubscriptions();
        return group;
    }

    /// <summary>What the log said of a group.</summary>
    public static ClassicGroup From(string id, GroupMetadataValue value)
    {
        ClassicGroup group = new(id, value.CurrentStateTimestamp)
        {
            State = value.Members.Count == 0 ? ClassicState.Empty : ClassicState.Stable,
            Generation = value.Generation,
        };
        foreach (GroupMetadataValue.MemberMetadata member in value.Members)
        {
            group.Add(new ClassicMember(member.MemberId, member.GroupInstanceId, member.ClientId, member.ClientHost)
            {
                ProtocolType = value.ProtocolType,
                RebalanceTimeoutMs = member.RebalanceTimeout >= 0 ? member.RebalanceTimeout : member.SessionTimeout,
                SessionTimeoutMs = member.SessionTimeout,
                Protocols = [new ClassicProtocol(value.Protocol ?? "", member.Subscription)],
                Assignment = member.Assignment,
            });
        }

        group.ProtocolType = value.ProtocolType.Length == 0 ? null : value.ProtocolType;
        group.ProtocolName = value.Protocol;
        group.LeaderId = value.Leader;
        group.ComputeSubscriptions();
        return group;
    }

    /// <summary>The record of the group as it is.</summary>
    /// <param name="assignments">By member id; members without one keep theirs.</param>
    public CoordinatorRecord Record(IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? assignments = null)
    {
        GroupMetadataValue value = new()
        {
            ProtocolType = ProtocolType ?? "",
            Generation = Generation,
            Protocol = ProtocolName,
            Leader = LeaderId,
            CurrentStateTimestamp = StateTimestampMs,
        };
        foreach (ClassicMember member in _members.Values)
        {
            value.Members.Add(new GroupMetadataValue.MemberMetadata
            {
                MemberId = member.Id,
                GroupInstanceId = member.InstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                RebalanceTimeout = member.RebalanceTimeoutMs,
                SessionTimeout = member.SessionTimeoutMs,
                Subscription = member.MetadataFor(ProtocolName),
                Assignment = assignments?.GetValueOrDefault(member.Id, member.Assignment) ?? member.Assignment,
            });
        }

        return new CoordinatorRecord(new GroupMetadataKey { Group = Id }, value, RecordVersion);
    }

    /// <summary>The record of a group that nobody has joined yet.</summary>
    public CoordinatorRecord EmptyRecord() => new(
        new GroupMetadataKey { Group = Id },
        new GroupMetadataValue
        {
            ProtocolType = "",
            Generation = Generation,
            CurrentStateTimestamp = StateTimestampMs,
        },
        RecordVersion);

    public override IReadOnlyList<CoordinatorRecord> Tombstones() =>
        [CoordinatorRecord.Tombstone(new GroupMetadataKey { Group = Id })];

    public ErrorCode CheckMember(string memberId, string? instanceId)
    {
        if (instanceId is not null)
        {
            if (StaticMemberId(instanceId) is not { } known)
            {
                return ErrorCode.UnknownMemberId;
            }

            if (known != memberId)
            {
                return ErrorCode.FencedInstanceId;
            }
        }

        return _members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    public override ErrorCode CheckCommit(in CommitOrigin origin)
    {
        if (State == ClassicState.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        if (origin.Epoch < 0 && IsEmpty)
        {
            return ErrorCode.None;
        }

        if (origin.Epoch >= 0 || origin.MemberId.Length > 0 || origin.InstanceId is not null)
        {
            ErrorCode error = CheckMember(origin.MemberId, origin.InstanceId);
            if (error != ErrorCode.None)
            {
                return error;
            }

            if (origin.Epoch != Generation)
            {
                return ErrorCode.IllegalGeneration;
            }
        }
        else if (!origin.IsTransactional)
        {
            return ErrorCode.UnknownMemberId;
        }

        return !origin.IsTransactional && State == ClassicState.CompletingRebalance
            ? ErrorCode.RebalanceInProgress
            : ErrorCode.None;
    }

    public override ErrorCode CheckFetch(string? memberId, int memberEpoch) =>
        State == ClassicState.Dead ? ErrorCode.GroupIdNotFound : ErrorCode.None;

    public override ErrorCode CheckOffsetDelete() => State switch
    {
        ClassicState.Dead => ErrorCode.GroupIdNotFound,
        ClassicState.Empty => ErrorCode.None,
        _ => ProtocolType == ConsumerType ? ErrorCode.None : ErrorCode.NonEmptyGroup,
    };

    public override bool IsSubscribedTo(string topic) => _subscribedTopics?.Contains(topic) ?? false;

    public override long? RetentionBase(string topic, long commitTimestampMs)
    {
        if (ProtocolType is null)
        {
            return IsEmpty ? commitTimestampMs : null;
        }

        if (IsEmpty)
        {
            return StateTimestampMs >= 0 ? StateTimestampMs : commitTimestampMs;
        }

        bool isUnused = ProtocolType == ConsumerType && State == ClassicState.Stable && _subscribedTopics is not null
            && !_subscribedTopics.Contains(topic);
        return isUnused ? commitTimestampMs : null;
    }

    private const short RecordVersion = 3;

    private void Put(ClassicMember member)
    {
        if (_members.GetValueOrDefault(member.Id) is { } before)
        {
            before.Waiting = null;
            _common.Forget();
        }

        _members[member.Id] = member;
        member.Waiting = _waiting;
        _common.Add(member);
    }

    private void ComputeSubscriptions()
    {
        _subscribedTopics = null;
        if (ProtocolType != ConsumerType)
        {
            return;
        }

        HashSet<string> topics = new(StringComparer.Ordinal);
        foreach (ClassicMember member in _members.Values)
        {
            if (ConsumerSubscriptions.TopicsOf(member.MetadataFor(ProtocolName)) is not { } subscribed)
            {
                return;
            }

            topics.UnionWith(subscribed);
        }

        _subscribedTopics = topics;
    }
}
