using System.Diagnostics;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Raft.Roles;

namespace KRaftSharp.Quorum.Raft;

/// <summary>
/// The leader's half of changing voters (KIP-853): one change at a time, each by one voter, used as soon as it is in
/// the log. Error texts are Kafka's.
/// </summary>
internal sealed partial class RaftReplica
{
    /// <summary>A replica that has not fetched for so long does not count as caught up.</summary>
    private const long CaughtUpWithinMs = 3_600_000;

    private const string Feature = "kraft.version";

    private PendingVoterChange? _pendingChange;
    private bool _isAppendingVoters;

    private short KRaftVersion => _log.Voters.KRaftVersion;

    private void OnVoterRequest(long nowMs, object token, RaftRequest request)
    {
        switch (request)
        {
            case RaftRequest.AddVoter add:
                OnAddVoter(nowMs, token, add);
                break;
            case RaftRequest.RemoveVoter remove:
                OnRemoveVoter(nowMs, token, remove);
                break;
            case RaftRequest.UpdateVoter update:
                ErrorCode error = ValidateLeading(update.Epoch);
                RespondChange(token, error == ErrorCode.None ? UpdateVoter(nowMs, update) : error, null);
                break;
            case RaftRequest.UpgradeVersion upgrade:
                (ErrorCode refusal, string? message) = Upgrade(upgrade);
                RespondChange(token, refusal, message);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void OnAddVoter(long nowMs, object token, RaftRequest.AddVoter request)
    {
        if (_role != RaftRole.Leader)
        {
            RespondChange(token, ErrorCode.NotLeaderOrFollower, null);
        }
        else if (request.Voter.Id < 0 || request.Voter.DirectoryId.IsZero)
        {
            RespondChange(token, ErrorCode.InvalidRequest, "Add voter request didn't include a valid voter");
        }
        else if (NewVoter(request.Voter, request.Listeners, (0, 0)) is not { } voter)
        {
            RespondChange(token, ErrorCode.InvalidRequest,
                $"Add voter request didn't include the endpoint ({Describe(request.Listeners)}) for the default "
                + $"listener ListenerName({_settings.ControllerListenerName})");
        }
        else if (WhyNoChange(nowMs, "adding") is { } refusal)
        {
            RespondChange(token, refusal.Error, refusal.Message);
        }
        else if (_voters.Contains(voter.Id))
        {
            RespondChange(token, ErrorCode.DuplicateVoter,
                $"The voter id for {voter.Key.ToKafkaString()} is already part of the set of voters {_voters}.");
        }
        else
        {
            _pendingChange = new PendingVoterChange(token, request, nowMs + _settings.RequestTimeoutMs);
            _change.Reset();
            Send(_change, voter.Id, voter.Endpoint, RaftRequest.AskVersions.Instance);
        }
    }

    private void OnRemoveVoter(long nowMs, object token, RaftRequest.RemoveVoter request)
    {
        if (_role != RaftRole.Leader)
        {
            RespondChange(token, ErrorCode.NotLeaderOrFollower, null);
        }
        else if (request.Voter.Id < 0 || request.Voter.DirectoryId.IsZero)
        {
            RespondChange(token, ErrorCode.InvalidRequest, "Remove voter request didn't include a valid voter");
        }
        else if (WhyNoChange(nowMs, "removing") is { } refusal)
        {
            RespondChange(token, refusal.Error, refusal.Message);
        }
        else if (!_voters.TryGet(request.Voter.Id, out Voter? voter) || voter.Value.Key != request.Voter
            || _voters.Count == 1)
        {
            RespondChange(token, ErrorCode.VoterNotFound,
                $"Cannot remove voter {request.Voter.ToKafkaString()} from the set of voters {_voters}");
        }
        else
        {
            _pendingChange = new PendingVoterChange(token, request, nowMs + _settings.RequestTimeoutMs);
            AppendVoters(_voters.Without(request.Voter.Id), null);
        }
    }

    private ErrorCode UpdateVoter(long nowMs, RaftRequest.UpdateVoter request)
    {
        bool isDynamic = KRaftVersion > 0;
        if (request.Voter.Id < 0 || request.Voter.DirectoryId.IsZero || request.MinVersion < 0
            || request.MaxVersion < request.MinVersion)
        {
            return ErrorCode.InvalidRequest;
        }

        if (WhyNoChange(nowMs, null) is not null)
        {
            return ErrorCode.RequestTimedOut;
        }

        if (NewVoter(request.Voter, request.Listeners, (request.MinVersion, request.MaxVersion)) is not { } voter
            || !voter.Supports(KRaftVersion))
        {
            return ErrorCode.InvalidRequest;
        }

        if (!_voters.TryGet(voter.Id, out Voter? known) || !known.Value.IsFor(voter.Key))
        {
            return ErrorCode.VoterNotFound;
        }

        if (!isDynamic)
        {
            _leader!.Described[voter.Id] = voter;
        }
        else if (!known.Value.SameAs(voter))
        {
            AppendVoters(_voters.With(voter), null);
        }

        return ErrorCode.None;
    }

    // Every voter has told its directory and its software's versions by then, or it cannot be done yet.
    private (ErrorCode Error, string? Message) Upgrade(RaftRequest.UpgradeVersion request)
    {
        if (_role != RaftRole.Leader || _election.Epoch != request.Epoch)
        {
            return (ErrorCode.NotController, null);
        }

        if (request.KRaftVersion == KRaftVersion)
        {
            return (ErrorCode.None, null);
        }

        if (request.KRaftVersion < KRaftVersion)
        {
            return (ErrorCode.InvalidUpdateVersion, $"Invalid upgrade of {Feature} from version "
                + $"{Name(KRaftVersion)} to {Name(request.KRaftVersion)} because the new version is a downgrade");
        }

        VoterSet described = _leader!.DescribedVoters(_settings.OwnVoter);
        if (!described.All.All(voter => voter.Supports(request.KRaftVersion) && !voter.Key.DirectoryId.IsZero))
        {
            return (ErrorCode.InvalidUpdateVersion, $"Invalid upgrade of {Feature} to {Name(request.KRaftVersion)} "
                + "because not all of the voters support it");
        }

        if (_isAppendingVoters)
        {
            return (ErrorCode.InvalidUpdateVersion,
                $"Unable to upgrade version for {Feature} to {Name(request.KRaftVersion)} due to changing voters");
        }

        if (!request.ValidateOnly)
        {
            AppendVoters(described, request.KRaftVersion);
        }

        return (ErrorCode.None, null);
    }

    private static string Name(short kraftVersion) => $"KRAFT_VERSION_{kraftVersion}";

    /// <param name="what">Null where the change does not need dynamic voters.</param>
    private (ErrorCode Error, string Message)? WhyNoChange(long nowMs, string? what)
    {
        ExpireVoterChange(nowMs);
        if (_pendingChange is not null || _isAppendingVoters)
        {
            return (ErrorCode.RequestTimedOut,
                "Request timed out waiting for leader to handle previous voter change request");
        }

        if (_highWatermark <= _leader!.EpochStartOffset)
        {
            return (ErrorCode.RequestTimedOut,
                "Request timed out waiting for leader to establish HWM and fence previous voter changes");
        }

        if (KRaftVersion == 0)
        {
            return what is null ? null : (ErrorCode.UnsupportedVersion,
                $"Cluster doesn't support {what} voter because the {Feature} feature is {KRaftVersion}");
        }

        // The planted fault takes the next change while the last one may still vanish.
        return _log.Voters.Offset is { } offset && (offset < _highWatermark
            || _settings.Planted.HasFlag(PlantedFaults.OverlappingVoterChanges))
            ? null
            : (ErrorCode.RequestTimedOut, "Request timed out waiting for voters to commit the latest voter change at "
                + $"Optional[{_log.Voters.Offset}] with HWM {_highWatermark}");
    }

    private Voter? NewVoter(ReplicaKey key, IReadOnlyList<VoterListener> listeners, (short Min, short Max) versions) =>
        Voter.TryCreate(key, listeners, _settings.ControllerListenerName, versions.Min, versions.Max);

    private static string Describe(IReadOnlyList<VoterListener> listeners) => "Endpoints(endpoints={"
        + string.Join(", ", listeners.Select(own => $"ListenerName({own.Name})={own.Host}:{own.Port}")) + "})";

    private void AppendVoters(VoterSet voters, short? kraftVersion)
    {
        _isAppendingVoters = true;
        if (_pendingChange is { } pending)
        {
            pending.IsAppended = true;
        }

        _effects.Add(new RaftEffect.AppendVoters(_election.Epoch, voters, kraftVersion));
    }

    /// <summary>The new voter has said which versions it knows.</summary>
    private void OnVersions(long nowMs, RaftReply.Versions reply)
    {
        if (_pendingChange is not { IsAppended: false, Request: RaftRequest.AddVoter add })
        {
            return;
        }

        string voter = add.Voter.ToKafkaString();
        if (reply.Error != ErrorCode.None)
        {
            AnswerVoterChange(ErrorCode.RequestTimedOut, "Aborted add voter operation for since API_VERSIONS returned "
                + $"an error {ErrorCodes.KafkaName(reply.Error)}");
        }
        else if (reply.KRaftVersions is not { } range || KRaftVersion < range.Min || KRaftVersion > range.Max)
        {
            string known = reply.KRaftVersions is { } some ? $"(min: {some.Min}, max: {some.Max}" : "(min: 0, max: 0)";
            AnswerVoterChange(ErrorCode.InvalidRequest, $"Aborted add voter operation for {voter} since the {Feature} "
                + $"range {known} doesn't support the finalized version {KRaftVersion}");
        }
        else if (!IsCaughtUp(add.Voter, nowMs))
        {
            AnswerVoterChange(
                ErrorCode.RequestTimedOut, $"Aborted add voter operation for {voter} since it is lagging behind");
        }
        else
        {
            AppendVoters(_voters.With(NewVoter(add.Voter, add.Listeners, range)!.Value), null);
        }
    }

    private bool IsCaughtUp(ReplicaKey key, long nowMs) =>
        _leader!.Observers.TryGetValue(key, out ReplicaProgress? progress)
        && progress.LastCaughtUpMs >= 0 && progress.LastFetchMs > nowMs - CaughtUpWithinMs;

    /// <summary>A voter set that was not there before is in the log.</summary>
    private void OnVotersInLog(VoterHistory history)
    {
        _isAppendingVoters = false;
        if (_pendingChange is not { IsAppended: true, Offset: null } pending)
        {
            return;
        }

        pending.Offset = history.Offset;
        if (pending.Request is RaftRequest.AddVoter { AckWhenCommitted: false })
        {
            AnswerVoterChange(ErrorCode.None, null);
        }
    }

    /// <returns>True when this replica leads no more: the voter set without it is committed.</returns>
    private bool PollVoterChange(long nowMs)
    {
        if (_pendingChange?.Offset is { } offset && _highWatermark > offset)
        {
            AnswerVoterChange(ErrorCode.None, null);
        }

        ExpireVoterChange(nowMs);
        if (!_isVoter && _log.Voters.Offset is { } at && _highWatermark > at)
        {
            BecomeResigned(nowMs, "is no voter any more");
            return true;
        }

        return false;
    }

    private void ExpireVoterChange(long nowMs)
    {
        if (_pendingChange is { } pending && nowMs >= pending.DeadlineMs)
        {
            AnswerVoterChange(ErrorCode.RequestTimedOut, null);
        }
    }

    private void FailVoterChange()
    {
        _isAppendingVoters = false;
        AnswerVoterChange(ErrorCode.NotLeaderOrFollower, null);
    }

    private void AnswerVoterChange(ErrorCode error, string? message)
    {
        if (_pendingChange is { } pending)
        {
            _pendingChange = null;
            RespondChange(pending.Token, error, message);
        }
    }

    private void RespondChange(object token, ErrorCode error, string? message) =>
        Respond(token, new RaftReply.VoterChange(error, _election.Leader, message));

    /// <summary>
    /// What a leader's first batch says of the voters: those of the formatted snapshot, which never were in the log,
    /// and itself, should its listeners have changed. Null where the log is right.
    /// </summary>
    private VoterSet? VotersAtEpochStart()
    {
        if (KRaftVersion == 0 || _settings.OwnVoter is not { } own || !_voters.TryGet(_self.Id, out Voter? known))
        {
            return null;
        }

        return _log.Voters.Offset < 0 || !known.Value.SameAs(own) ? _voters.With(own) : null;
    }
}
