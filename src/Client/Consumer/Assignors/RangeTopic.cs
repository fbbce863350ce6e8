using System.Globalization;

namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>One topic while ranges of it are given away.</summary>
internal sealed class RangeTopic
{
    private readonly string _topic;
    private readonly Dictionary<string, List<TopicPartition>> _assignment;
    private readonly Dictionary<string, int> _given;
    private readonly SortedSet<int> _left;
    private readonly int _share;
    private int _extras;

    public RangeTopic(
        string topic, int count, IReadOnlyList<AssignorMember> members, Racks racks,
        Dictionary<string, List<TopicPartition>> assignment)
    {
        _topic = topic;
        _assignment = assignment;
        Count = count;
        Racks = racks;
        Members = [.. members.Select(member => member.Id)];
        SplitKey = string.Join('\n', members.Select(member => $"{member.Id}\t{racks.RackOf(member.Id)}").Append(
            count.ToString(CultureInfo.InvariantCulture)));
        _given = Members.ToDictionary(member => member, _ => 0);
        _left = [.. Enumerable.Range(0, count)];
        (_share, _extras) = Math.DivRem(count, members.Count);
    }

    /// <summary>The number of partitions.</summary>
    public int Count { get; }

    public Racks Racks { get; }

    public IReadOnlyList<string> Members { get; }

    /// <summary>The same for topics that are to be split alike.</summary>
    public string SplitKey { get; }

    public bool IsNear(string member, int partition) => Racks.IsNear(member, new TopicPartition(_topic, partition));

    /// <summary>How many partitions a member may still get: the share, and one more while there are extras.</summary>
    public int Room(string member) => Math.Max(0, _share + (_extras > 0 ? 1 : 0) - _given[member]);

    public void Give(string member, IReadOnlyCollection<int> partitions)
    {
        _assignment[member].AddRange(partitions.Select(partition => new TopicPartition(_topic, partition)));
        _given[member] += partitions.Count;
        _extras -= _given[member] > _share ? 1 : 0;
        _left.ExceptWith(partitions);
    }

    public void AssignRanges(bool mustBeNear)
    {
        foreach (string member in Members)
        {
            int[] range =
            [
                .. _left.Where(partition => !mustBeNear || IsNear(member, partition)).Take(Room(member)),
            ];
            if (range.Length > 0)
            {
                Give(member, range);
            }
        }
    }
}
