using System.Text.Json;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.Tests.Unit.Protocol;

namespace KRaftSharp.Tests.Unit.Client;

/// <summary>The client's assignors against what Kafka's made of the same groups.</summary>
public sealed class PartitionAssignorTests
{
    [Fact]
    public void Range_KafkasCases_GivesTheSame() => AssertSame(PartitionAssignors.Range);

    [Fact]
    public void RoundRobin_KafkasCases_GivesTheSame() => AssertSame(PartitionAssignors.RoundRobin);

    [Fact]
    public void Sticky_KafkasCases_GivesTheSame() => AssertSame(PartitionAssignors.Sticky);

    [Fact]
    public void CooperativeSticky_KafkasCases_GivesTheSame() => AssertSame(PartitionAssignors.CooperativeSticky);

    /// <summary>What a member tells the leader is byte for byte what Kafka's assignor would tell, but for the order of
    /// topics, which there is a hash table's.</summary>
    [Fact]
    public void Sticky_UserData_IsReadBackAndReadsKafkas()
    {
        foreach (JsonElement line in Cases(PartitionAssignors.Sticky.Name))
        {
            foreach (AssignorMember member in Input(line).Members.Where(member => member.UserData is not null))
            {
                var (owned, generation) = StickyUserData.Decode(member.UserData);
                Assert.Equal(member.Generation, generation);
                Assert.Equal(member.Owned.Order(Comparer), owned.Order(Comparer));
                Assert.Equal(
                    member.UserData!.Value.Length,
                    PartitionAssignors.Sticky.UserData([.. owned], generation)?.Length ?? member.UserData.Value.Length);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("7FFFFFFF")]
    [InlineData("00000001FFFF")]
    [InlineData("0000000100017400000010")]
    public void Sticky_UserDataThatIsGarbage_CountsAsNothing(string hex) =>
        Assert.Empty(StickyUserData.Decode(Convert.FromHexString(hex)).Owned);

    private static IComparer<TopicPartition> Comparer { get; } =
        Comparer<TopicPartition>.Create(TopicPartitionOrder.ByTopic);

    private static IEnumerable<JsonElement> Cases(string assignor) => VectorFiles.Lines("assignors")
        .Where(line => line.GetProperty("side").GetString() == "client"
            && line.GetProperty("assignor").GetString() == assignor);

    private static void AssertSame(IPartitionAssignor assignor)
    {
        List<string> wrong = [];
        int cases = 0;
        foreach (JsonElement line in Cases(assignor.Name))
        {
            cases++;
            IReadOnlyDictionary<string, List<TopicPartition>> made = assignor.Assign(Input(line));
            bool isSame = line.GetProperty("assignment").EnumerateObject().All(member =>
                made[member.Name].Order(Comparer).SequenceEqual(Partitions(member.Value).Order(Comparer)));
            if (!isSame)
            {
                wrong.Add(line.GetRawText());
            }
        }

        Assert.NotEqual(0, cases);
        Assert.Empty(wrong);
    }

    private static AssignorInput Input(JsonElement line)
    {
        Dictionary<int, string?> racks = line.GetProperty("brokers").EnumerateArray().ToDictionary(
            broker => broker.GetProperty("id").GetInt32(), broker => broker.GetProperty("rack").GetString());
        return new AssignorInput(
            [.. line.GetProperty("members").EnumerateArray().Select(Member)],
            line.GetProperty("topics").EnumerateArray().ToDictionary(
                topic => topic.GetProperty("name").GetString()!,
                topic => (IReadOnlyList<IReadOnlyCollection<string>>)
                [
                    .. topic.GetProperty("replicas").EnumerateArray().Select(replicas => (IReadOnlyCollection<string>)
                    [
                        .. replicas.EnumerateArray().Select(id => racks[id.GetInt32()]).OfType<string>(),
                    ]),
                ]));
    }

    private static AssignorMember Member(JsonElement member) => new(
        member.GetProperty("id").GetString()!,
        [.. member.GetProperty("topics").EnumerateArray().Select(topic => topic.GetString()!)])
    {
        InstanceId = member.GetProperty("instanceId").GetString(),
        Rack = member.GetProperty("rack").GetString(),
        Owned = [.. Partitions(member.GetProperty("owned"))],
        Generation = member.GetProperty("generation").GetInt32(),
        UserData = member.GetProperty("userData").GetString() is { } text
            ? (ReadOnlyMemory<byte>?)Convert.FromBase64String(text)
            : null,
    };

    private static IEnumerable<TopicPartition> Partitions(JsonElement list) => list.EnumerateArray().Select(entry =>
    {
        string text = entry.GetString()!;
        int slash = text.LastIndexOf('/');
        return new TopicPartition(
            text[..slash], int.Parse(text.AsSpan(slash + 1), System.Globalization.CultureInfo.InvariantCulture));
    });
}
