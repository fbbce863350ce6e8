using FsCheck.Xunit;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer.Assignors;

namespace KRaftSharp.Tests.Property.Client;

/// <summary>What assignments of the client's assignors have in common, whatever the group.</summary>
public sealed class PartitionAssignorTests
{
    private static readonly IPartitionAssignor[] All =
    [
        PartitionAssignors.Range, PartitionAssignors.RoundRobin, PartitionAssignors.Sticky,
        PartitionAssignors.CooperativeSticky,
    ];

    /// <summary>Topics t0, t1, ... with a few partitions each, in racks or not.</summary>
    private static readonly int[] Counts = [1, 3, 4, 7];

    [Property(MaxTest = 400, Replay = "7315,9421")]
    public void Assign_AnyGroup_GivesEachPartitionToOneSubscriber(
        (byte Topics, byte Rack)[] members, byte which, bool racks)
    {
        AssignorInput input = Input(members, racks);
        Dictionary<string, List<TopicPartition>> assignment = Settle(All[which % All.Length], input);

        TopicPartition[] given = [.. assignment.Values.SelectMany(partitions => partitions)];
        Assert.Equal(given.Length, given.Distinct().Count());
        Assert.Equal(
            input.Members.SelectMany(member => member.Topics).Distinct().Sum(topic => input.Topics[topic].Count),
            given.Length);
        Assert.All(input.Members, member => Assert.All(
            assignment[member.Id], partition => Assert.Contains(partition.Topic, member.Topics)));
    }

    /// <summary>Nobody could take a partition from one who has two more.</summary>
    [Property(MaxTest = 300, Replay = "8812,1173")]
    public void Sticky_AnyGroup_IsAsEvenAsCanBe((byte Topics, byte Rack)[] members, bool cooperative)
    {
        AssignorInput input = Input(members, racks: false);
        Dictionary<string, List<TopicPartition>> assignment = Settle(Sticky(cooperative), input);

        foreach (AssignorMember member in input.Members)
        {
            int most = assignment[member.Id].Count + 1;
            Assert.DoesNotContain(assignment.Values, theirs =>
                theirs.Count > most && theirs.Exists(partition => member.Topics.Contains(partition.Topic)));
        }
    }

    [Property(MaxTest = 300, Replay = "4471,2259")]
    public void Sticky_NothingChanged_NothingMoves((byte Topics, byte Rack)[] members, bool cooperative, bool racks)
    {
        AssignorInput input = Input(members, racks);
        IPartitionAssignor assignor = Sticky(cooperative);
        Dictionary<string, List<TopicPartition>> before = Settle(assignor, input);

        AssertSame(before, assignor.Assign(Owning(input, assignor, before, generation: 9)));
    }

    /// <summary>Those who stay keep all they have, and a newcomer is given no more than it must be.</summary>
    [Property(MaxTest = 300, Replay = "6163,5077")]
    public void Sticky_OneComesOrGoes_OthersKeepTheirs(byte size, byte who, bool cooperative, bool comes)
    {
        (byte, byte)[] members = [.. Enumerable.Repeat(((byte)15, (byte)0), (size % 7) + 2)];
        IPartitionAssignor assignor = Sticky(cooperative);
        AssignorInput large = Input(members, racks: false);
        AssignorMember one = large.Members[who % members.Length];
        AssignorInput small = large with { Members = [.. large.Members.Where(member => member != one)] };
        (AssignorInput first, AssignorInput second) = comes ? (small, large) : (large, small);
        Dictionary<string, List<TopicPartition>> before = Settle(assignor, first);
        Dictionary<string, List<TopicPartition>> after = Settle(assignor, second, before);

        foreach (AssignorMember member in small.Members)
        {
            Assert.Empty(comes
                ? after[member.Id].Except(before[member.Id])
                : before[member.Id].Except(after[member.Id]));
        }
    }

    /// <summary>What one owns is given to no other before it was given up.</summary>
    [Property(MaxTest = 300, Replay = "3301,7755")]
    public void CooperativeSticky_EachRound_GivesNothingThatAnotherOwns(
        (byte Topics, byte Rack)[] members, (byte Topics, byte Rack)[] later, bool racks)
    {
        IPartitionAssignor assignor = PartitionAssignors.CooperativeSticky;
        Dictionary<string, List<TopicPartition>> owned = Settle(assignor, Input(members, racks));
        AssignorInput next = Owning(Input(later, racks), assignor, owned, generation: 5);
        IReadOnlyDictionary<string, List<TopicPartition>> given = assignor.Assign(next);

        foreach (AssignorMember member in next.Members)
        {
            TopicPartition[] others =
                [.. next.Members.Where(other => other != member).SelectMany(other => other.Owned)];
            Assert.Empty(given[member.Id].Except(member.Owned).Intersect(others));
        }
    }

    private static IPartitionAssignor Sticky(bool cooperative) =>
        cooperative ? PartitionAssignors.CooperativeSticky : PartitionAssignors.Sticky;

    private static AssignorInput Input((byte Topics, byte Rack)[] members, bool racks)
    {
        Dictionary<string, IReadOnlyList<IReadOnlyCollection<string>>> topics = [];
        for (int topic = 0; topic < Counts.Length; topic++)
        {
            int first = topic;
            topics[$"t{topic}"] =
            [
                .. Enumerable.Range(0, Counts[topic]).Select(partition => (IReadOnlyCollection<string>)
                    (racks ? [$"r{(first + partition) % 3}", $"r{(first + partition + 1) % 3}"] : [])),
            ];
        }

        return new AssignorInput(
            [
                .. members.Take(9).Select((member, index) => new AssignorMember(
                    $"m{index}",
                    [
                        .. Enumerable.Range(0, Counts.Length).Where(i => ((member.Topics >> i) & 1) == 1)
                            .Select(i => $"t{i}"),
                    ])
                {
                    Rack = racks && member.Rack % 4 < 3 ? $"r{member.Rack % 4}" : null,
                    InstanceId = member.Rack > 127 ? $"i{index}" : null,
                }),
            ],
            topics);
    }

    /// <summary>Rounds until nobody has anything to give up or to get.</summary>
    private static Dictionary<string, List<TopicPartition>> Settle(
        IPartitionAssignor assignor, AssignorInput input, Dictionary<string, List<TopicPartition>>? before = null)
    {
        Dictionary<string, List<TopicPartition>> owned = before ?? [];
        for (int generation = 1; generation < 6; generation++)
        {
            Dictionary<string, List<TopicPartition>> next =
                assignor.Assign(Owning(input, assignor, owned, generation)).ToDictionary();
            bool isSame = next.All(entry => owned.TryGetValue(entry.Key, out List<TopicPartition>? known)
                && known.ToHashSet().SetEquals(entry.Value));
            owned = next;
            if (isSame)
            {
                break;
            }
        }

        return owned;
    }

    private static AssignorInput Owning(
        AssignorInput input, IPartitionAssignor assignor, Dictionary<string, List<TopicPartition>> owned,
        int generation) =>
        input with
        {
            Members =
            [
                .. input.Members.Select(member => member with
                {
                    Owned = owned.GetValueOrDefault(member.Id) ?? [],
                    Generation = owned.ContainsKey(member.Id) ? generation : -1,
                    UserData = assignor.UserData(
                        owned.GetValueOrDefault(member.Id) ?? [], owned.ContainsKey(member.Id) ? generation : -1),
                }),
            ],
        };

    private static void AssertSame(
        Dictionary<string, List<TopicPartition>> expected, IReadOnlyDictionary<string, List<TopicPartition>> given) =>
        Assert.All(expected, entry => Assert.Equal(entry.Value.ToHashSet(), given[entry.Key].ToHashSet()));
}
