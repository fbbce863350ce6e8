namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>See <see cref="PartitionAssignors.Sticky"/> and
/// <see cref="PartitionAssignors.CooperativeSticky"/>.</summary>
internal sealed class StickyAssignor(bool isCooperative) : IPartitionAssignor
{
    public string Name => isCooperative ? "cooperative-sticky" : "sticky";

    public bool IsCooperative => isCooperative;

    public ReadOnlyMemory<byte>? UserData(IReadOnlyCollection<TopicPartition> owned, int generation)
    {
        if (isCooperative)
        {
            return StickyUserData.Encode(generation);
        }

        return generation < 0 ? default(ReadOnlyMemory<byte>?) : StickyUserData.Encode(owned, generation);
    }

    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(AssignorInput input)
    {
        StickyClaims claims = new(input, isCooperative);
        if (claims.AreSubscriptionsEqual)
        {
            EvenSticky even = new(claims);
            Dictionary<string, List<TopicPartition>> assignment = even.Assign();
            if (isCooperative)
            {
                foreach ((TopicPartition partition, string taker) in even.Transferred)
                {
                    assignment[taker].Remove(partition);
                }
            }

            return assignment;
        }

        Dictionary<string, List<TopicPartition>> uneven = new UnevenSticky(claims).Assign();
        if (isCooperative)
        {
            WithholdMoving(input, uneven);
        }

        return uneven;
    }

    /// <summary>What somebody is to give up first is left out of what another gets: the next round brings it.</summary>
    private static void WithholdMoving(AssignorInput input, Dictionary<string, List<TopicPartition>> assignment)
    {
        HashSet<TopicPartition> givenUp = [];
        foreach (AssignorMember member in input.Members)
        {
            givenUp.UnionWith(member.Owned.Except(assignment[member.Id]));
        }

        foreach (AssignorMember member in input.Members)
        {
            HashSet<TopicPartition> owned = [.. member.Owned];
            assignment[member.Id].RemoveAll(partition => !owned.Contains(partition) && givenUp.Contains(partition));
        }
    }
}
