using KRaftSharp.Broker.Coordination;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>A copy of a group on which the records of one decision are tried before they are written.</summary>
/// <param name="isNew">Whether no record tells of the group yet.</param>
/// <param name="before">Records that come first and that the group has seen already.</param>
internal sealed class ConsumerDraft(
    ConsumerGroup group, bool isNew = false, IEnumerable<CoordinatorRecord>? before = null)
{
    public ConsumerGroup Group { get; } = group.Copy();

    public List<CoordinatorRecord> Records { get; } = [.. before ?? []];

    public bool IsNew => isNew;

    public void Add(CoordinatorRecord record)
    {
        Records.Add(record);
        ConsumerRecords.Replay(Group, record.Key, record.Value);
    }

    public void Add(IEnumerable<CoordinatorRecord> records)
    {
        foreach (CoordinatorRecord record in records)
        {
            Add(record);
        }
    }
}
