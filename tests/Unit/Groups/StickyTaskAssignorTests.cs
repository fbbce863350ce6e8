using System.Collections.Immutable;
using System.Text.Json;
using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Tests.Unit.Protocol;

namespace KRaftSharp.Tests.Unit.Groups;

/// <summary>The task assignor of streams groups against what Kafka's made of the same groups.</summary>
public sealed class StickyTaskAssignorTests
{
    [Fact]
    public void Assign_KafkasCases_GivesTheSame()
    {
        List<string> wrong = [];
        int cases = 0;
        foreach (JsonElement line in VectorFiles.OwnLines("streams-assignor"))
        {
            cases++;
            IReadOnlyDictionary<string, TaskAssignment> assignment = StickyTaskAssignor.Assign(Input(line));
            if (!line.GetProperty("assignment").EnumerateObject().All(member => assignment[member.Name].Equals(
                new TaskAssignment(
                    Tasks(member.Value.GetProperty("active")), Tasks(member.Value.GetProperty("standby")), []))))
            {
                wrong.Add(line.GetRawText());
            }
        }

        Assert.Empty(wrong);
        Assert.True(cases >= 100, $"only {cases} cases");
    }

    [Fact]
    public void Assign_NoMembers_GivesNothing() =>
        Assert.Empty(StickyTaskAssignor.Assign(new TaskAssignmentInput([], [], 1)));

    private static TaskAssignmentInput Input(JsonElement line) => new(
        [.. HashOrder.Of([.. line.GetProperty("members").EnumerateArray()
                .Select(member => member.GetProperty("id").GetString()!)])
            .Select(id => Member(line.GetProperty("members").EnumerateArray()
                .Single(member => member.GetProperty("id").GetString() == id)))],
        [.. line.GetProperty("subtopologies").EnumerateArray().Select(Subtopology)],
        line.GetProperty("standbyReplicas").GetInt32());

    private static TaskAssignmentInput.Member Member(JsonElement member) => new(
        member.GetProperty("id").GetString()!, member.GetProperty("process").GetString()!,
        new HeldTasks(
            Tasks(member.GetProperty("active")).ToImmutableSortedDictionary(task => task, _ => 1),
            Tasks(member.GetProperty("standby")), []),
        member.GetProperty("offsets").EnumerateObject().ToDictionary(
            offset => Task(offset.Name), offset => offset.Value.GetInt64()));

    private static ConfiguredSubtopology Subtopology(JsonElement subtopology) => new(
        subtopology.GetProperty("id").GetString()!, subtopology.GetProperty("tasks").GetInt32(), [], [], [],
        subtopology.GetProperty("stateful").GetBoolean() ? [new ConfiguredTopic("changelog", 1, 0, [])] : []);

    private static ImmutableSortedSet<TaskId> Tasks(JsonElement tasks) =>
        [.. tasks.EnumerateArray().Select(task => Task(task.GetString()!))];

    private static TaskId Task(string text)
    {
        int at = text.LastIndexOf('_');
        return new TaskId(text[..at], int.Parse(text.AsSpan(at + 1), null));
    }
}
