namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>See <see cref="PartitionAssignors.Range"/>.</summary>
internal sealed class RangeAssignor : IPartitionAssignor
{
    public string Name => "range";

    public bool IsCooperative => false;

    public ReadOnlyMemory<byte>? UserData(IReadOnlyCollection<TopicPartition> owned, int generation) => null;

    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(AssignorInput input)
    {
        Dictionary<string, List<TopicPartition>> assignment = input.NothingAssigned();
        List<RangeTopic> topics = [];
        foreach ((string topic, int count) in input.SubscribedTopics())
        {
            AssignorMember[] members = [.. AssignorInput.InOrder(
                input.Members.Where(member => member.Topics.Contains(topic)))];
            topics.Add(new RangeTopic(topic, count, members, new Racks(members, input, [topic]), assignment));
        }

        if (topics.Exists(topic => topic.Racks.IsOfUse))
        {
            // Topics with the same members and as many partitions are split alike, so that they can be joined.
            foreach (IGrouping<string, RangeTopic> alike in topics.GroupBy(topic => topic.SplitKey))
            {
                if (alike.Count() > 1)
                {
                    AssignTogether([.. alike]);
                }
                else if (alike.First().Racks.IsOfUse)
                {
                    alike.First().AssignRanges(mustBeNear: true);
                }
            }
        }

        topics.ForEach(topic => topic.AssignRanges(mustBeNear: false));
        foreach (List<TopicPartition> partitions in assignment.Values)
        {
            partitions.Sort(TopicPartitionOrder.ByTopic);
        }

        return assignment;
    }

    private static void AssignTogether(List<RangeTopic> topics)
    {
        if (!topics[0].Racks.AnyMember)
        {
            return;
        }

        List<string> open = [.. topics[0].Members];
        for (int partition = 0; partition < topics[0].Count && open.Count > 0; partition++)
        {
            string? near = open.Find(member =>
                topics.TrueForAll(topic => topic.IsNear(member, partition) && topic.Room(member) > 0));
            if (near is null)
            {
                continue;
            }

            topics.ForEach(topic => topic.Give(near, [partition]));
            if (topics.TrueForAll(topic => topic.Room(near) == 0))
            {
                open.Remove(near);
            }
        }
    }
}
