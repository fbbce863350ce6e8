using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Sharing.Core;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Sharing;

/// <summary>One request of a member, from its session to its answer. Owned by the strand of its group.</summary>
internal sealed class ShareExchange(GroupShares group, ShareRequest request, Action<ShareAnswer> answer)
{
    private readonly List<(TopicIdPartition Partition, ShareError? Error)> _taken = [];
    private IReadOnlyList<SharePartResult> _parts = [];
    private ShareSession? _session;
    private int _open = 1;

    public void Start()
    {
        ErrorCode error = request.Ask is null ? EnterToAcknowledge() : EnterToFetch();
        if (error != ErrorCode.None)
        {
            answer(ShareAnswer.Failed(error));
            return;
        }

        foreach ((TopicIdPartition partition, IReadOnlyList<Acknowledgement> said) in request.Said)
        {
            _open++;
            group.Acknowledge(partition, request.MemberId, said, error =>
            {
                _taken.Add((partition, error));
                Close();
            });
        }

        if (request.Ask is { } ask && request.SessionEpoch != ShareSession.FinalEpoch)
        {
            _open++;
            ShareFetchOperation operation = new(group, ask, Rotated(), parts =>
            {
                _parts = parts;
                Close();
            });
            if (operation.Start())
            {
                group.Services.Replicas.Deadlines.Add(operation, request.ReceivedAtMs + ask.MaxWaitMs);
            }
        }

        Close();
    }

    private ErrorCode EnterToFetch()
    {
        ShareSession? known = group.Session(request.MemberId);
        if (request.SessionEpoch == ShareSession.InitialEpoch)
        {
            if (request.HasAcknowledgements)
            {
                return ErrorCode.InvalidRequest;
            }

            ShareSession session = new(request.MemberId, request.ConnectionId, request.Wanted);
            return group.TryOpen(session) ? ErrorCode.None : ErrorCode.ShareSessionLimitReached;
        }

        ErrorCode error = Check(known);
        if (error == ErrorCode.None && request.SessionEpoch != ShareSession.FinalEpoch)
        {
            known!.Update(request.Wanted, request.Forgotten);
            known.Proceed();
            _session = known;
        }

        return error;
    }

    private ErrorCode EnterToAcknowledge()
    {
        if (request.SessionEpoch == ShareSession.InitialEpoch)
        {
            return ErrorCode.InvalidShareSessionEpoch;
        }

        ShareSession? known = group.Session(request.MemberId);
        ErrorCode error = Check(known);
        if (error == ErrorCode.None && request.SessionEpoch != ShareSession.FinalEpoch)
        {
            known!.Proceed();
        }

        return error;
    }

    private ErrorCode Check(ShareSession? known) => known is null ? ErrorCode.ShareSessionNotFound
        : request.SessionEpoch != ShareSession.FinalEpoch && request.SessionEpoch != known.Epoch
            ? ErrorCode.InvalidShareSessionEpoch
        : ErrorCode.None;

    /// <summary>Each request of a session begins with another partition.</summary>
    private IEnumerable<TopicIdPartition> Rotated()
    {
        IReadOnlyList<TopicIdPartition> partitions = _session?.Partitions ?? request.Wanted;
        int shift = partitions.Count == 0 ? 0 : Math.Max(0, request.SessionEpoch) % partitions.Count;
        return partitions.Skip(shift).Concat(partitions.Take(shift));
    }

    private void Close()
    {
        if (--_open > 0)
        {
            return;
        }

        IReadOnlyList<SharePartResult> told = _session is { } session
            ? [.. _parts.Where(part => session.MustAnswer(
                part.Partition, part.Records.Length > 0, part.Error != ErrorCode.None))]
            : _parts;
        if (request.SessionEpoch == ShareSession.FinalEpoch)
        {
            group.Close(request.MemberId);
        }

        answer(new ShareAnswer(ErrorCode.None, told, _taken, group.Settings.Limits.LockMs));
    }
}
