using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Sharing.Core;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// What ShareFetch and ShareAcknowledge say of records: told apart into what the group is to judge and what is answered
/// at once.
/// </summary>
internal sealed class ShareAcknowledgements(MetadataImage image, bool knowsRenewal, bool isRenewal)
{
    private readonly List<(TopicIdPartition Partition, IReadOnlyList<Acknowledgement> Said)> _said = [];
    private readonly List<(TopicIdPartition Partition, ShareError? Error)> _answered = [];
    private readonly List<TopicIdPartition> _silent = [];

    /// <summary>For the group.</summary>
    public IReadOnlyList<(TopicIdPartition Partition, IReadOnlyList<Acknowledgement> Said)> Said => _said;

    /// <summary>For the answer. Partitions of which nothing is said are told to be well if others are not silent.
    /// </summary>
    public IEnumerable<(TopicIdPartition Partition, ShareError? Error)> Answered => _said.Count == 0
        ? _answered
        : _answered.Concat(_silent.Select(partition => (partition, (ShareError?)null)));

    public void Add(TopicIdPartition partition, IReadOnlyList<Acknowledgement> said)
    {
        ErrorCode error = !image.Topics.TryGet(partition.TopicId, out TopicImage? topic) ? ErrorCode.UnknownTopicId
            : !IsWellFormed(said) ? ErrorCode.InvalidRequest
            : !topic.Partitions.ContainsKey(partition.Partition) ? ErrorCode.UnknownTopicOrPartition
            : ErrorCode.None;
        if (error != ErrorCode.None)
        {
            _answered.Add((partition, new ShareError(error, null)));
        }
        else if (said.Count == 0)
        {
            _silent.Add(partition);
        }
        else
        {
            _said.Add((partition, said));
        }
    }

    private bool IsWellFormed(IReadOnlyList<Acknowledgement> said)
    {
        AcknowledgeType most = knowsRenewal ? AcknowledgeType.Renew : AcknowledgeType.Reject;
        long end = -1;
        foreach (Acknowledgement one in said)
        {
            if (one.FirstOffset > one.LastOffset || one.FirstOffset < end || one.Types.Count == 0
                || (one.Types.Count > 1 && one.LastOffset - one.FirstOffset != one.Types.Count - 1))
            {
                return false;
            }

            foreach (sbyte type in one.Types)
            {
                if (type < 0 || type > (sbyte)most || (type == (sbyte)AcknowledgeType.Renew && !isRenewal))
                {
                    return false;
                }
            }

            end = one.LastOffset;
        }

        return true;
    }
}
