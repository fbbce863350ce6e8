using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Client.Producer;

/// <summary>Chooses the partition of records that do not name theirs (<c>partitioner.class</c>).</summary>
/// <remarks>Any thread may call; nothing must block.</remarks>
public interface IPartitioner
{
    /// <summary>A partition in [0, <c>topic.Partitions.Count</c>), or null to leave the choice to the default: by the
    /// key, else sticky.</summary>
    int? Choose(in ProducerRecord record, TopicView topic);
}
