using System.Collections.Immutable;
using System.Text.Json;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Groups.Share;
using KRaftSharp.Protocol;
using KRaftSharp.Tests.Unit.Protocol;

namespace KRaftSharp.Tests.Unit.Groups;

/// <summary>The broker's assignors against what Kafka's made of the same groups.</summary>
public sealed class AssignorTests
{
    [Fact]
    public void Range_KafkasCases_GivesTheSame()
    {
        List<string> wrong = [.. Cases("range").Where(line => !IsSame(line, RangeAssignor.Assign(Input(line))))
            .Select(line => line.GetRawText())];
        Assert.Empty(wrong);
    }

    [Fact]
    public void Uniform_KafkasCasesOfEqualSubscriptions_GivesTheSame()
    {
        List<string> wrong = [.. Cases("uniform")
            .Where(line => line.GetProperty("subscriptionType").GetString() == "HOMOGENEOUS")
            .Where(line => !IsSame(line, UniformAssignor.Assign(Input(line)))).Select(line => line.GetRawText())];
        Assert.Empty(wrong);
    }

    [Fact]
    public void Uniform_KafkasCasesOfUnequalSubscriptions_GivesTheSame()
    {
        List<string> wrong = [.. Cases("uniform")
            .Where(line => line.GetProperty("subscriptionType").GetString() == "HETEROGENEOUS")
            .Where(line => !IsSame(line, UniformAssignor.Assign(Input(line)))).Select(line => line.GetRawText())];
        Assert.Empty(wrong);
    }

    [Fact]
    public void Simple_KafkasCases_GivesTheSame()
    {
        List<string> wrong = [.. Cases("simple").Where(line =>
        {
            AssignmentInput input = Input(line);
            return !IsSame(line, SimpleAssignor.Assign(input.Members, input.PartitionCounts.ToDictionary(
                topic => topic.Key, topic => (IReadOnlyList<int>)[.. Enumerable.Range(0, topic.Value)])));
        }).Select(line => line.GetRawText())];
        Assert.Empty(wrong);
    }

    private static IEnumerable<JsonElement> Cases(string assignor) => VectorFiles.Lines("assignors")
        .Where(line => line.GetProperty("side").GetString() == "server"
            && line.GetProperty("assignor").GetString() == assignor);

    private static AssignmentInput Input(JsonElement line)
    {
        Dictionary<Uuid, int> counts = [];
        foreach (JsonElement topic in line.GetProperty("topics").EnumerateArray())
        {
            counts[Uuid.Parse(topic.GetProperty("id").GetString()!)] = topic.GetProperty("partitions").GetInt32();
        }

        AssignmentInput.Member[] members = [.. line.GetProperty("members").EnumerateArray().Select(member =>
            new AssignmentInput.Member(
                member.GetProperty("id").GetString()!, member.GetProperty("instanceId").GetString(),
                [.. member.GetProperty("topics").EnumerateArray().Select(id => Uuid.Parse(id.GetString()!))],
                Partitions(member.GetProperty("assigned"))))];
        HashSet<Uuid> subscribed = [.. members.SelectMany(member => member.Topics)];
        return new AssignmentInput(members, counts.Where(topic => subscribed.Contains(topic.Key)).ToDictionary());
    }

    private static bool IsSame(
        JsonElement line, IReadOnlyDictionary<string, ImmutableSortedSet<TopicIdPartition>> assignment)
    {
        JsonElement expected = line.GetProperty("assignment");
        return line.GetProperty("members").EnumerateArray().All(member =>
        {
            string id = member.GetProperty("id").GetString()!;
            ImmutableSortedSet<TopicIdPartition> wanted = expected.TryGetProperty(id, out JsonElement partitions)
                ? Partitions(partitions)
                : [];
            return wanted.SetEquals(assignment.GetValueOrDefault(id) ?? []);
        });
    }

    private static ImmutableSortedSet<TopicIdPartition> Partitions(JsonElement byTopic) =>
        byTopic.EnumerateObject().SelectMany(topic => topic.Value.EnumerateArray().Select(
            index => new TopicIdPartition(Uuid.Parse(topic.Name), index.GetInt32()))).ToImmutableSortedSet();
}
