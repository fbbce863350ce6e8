using Confluent.Kafka;

namespace KRaftSharp.Tests.Interop.Cluster;

/// <summary>
/// Three members of a group read six partitions; one of them is killed or leaves, one joins. Every record is processed,
/// by no two members that live, and what is committed in the end is everything.
/// </summary>
/// <param name="name">Of the topic and the group.</param>
/// <param name="start">Starts a member of a group that reads a topic.</param>
internal sealed class GroupScenario(ThreeNodes cluster, string name, Func<string, string, MemberProcess> start)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task RunAsync(bool kills)
    {
        await cluster.CreateTopicAsync(name);
        int half = Flights.Lines.Count / 2;
        await ProduceAsync(Flights.Lines.Take(half));
        List<MemberProcess> members = [.. Enumerable.Range(0, 3).Select(_ => start(name, name))];
        try
        {
            await WaitAsync(members, half);
            await WaitForCommitsAsync(half);
            MemberProcess gone = members[0];
            if (kills)
            {
                gone.Kill();
            }
            else
            {
                await gone.StopAsync();
            }

            members.Add(start(name, name));
            await ProduceAsync(Flights.Lines.Skip(half));
            await WaitAsync(members, Flights.Lines.Count);
            await WaitForCommitsAsync(Flights.Lines.Count);
            await Task.WhenAll(members.Skip(1).Select(member => member.StopAsync()));
            Assert.All(
                members.Skip(kills ? 1 : 0).SelectMany(member => member.Records.Keys).GroupBy(record => record),
                record => Assert.Single(record));
        }
        finally
        {
            members.ForEach(member => member.Dispose());
        }

        Flights.AssertSame([.. members.SelectMany(member => member.Records).DistinctBy(record => record.Key)
            .OrderBy(record => int.Parse(record.Key.Partition, null))
            .ThenBy(record => int.Parse(record.Key.Offset, null))
            .Select(record => record.Value)]);
    }

    private static async Task WaitAsync(List<MemberProcess> members, int count)
    {
        DateTime deadline = DateTime.UtcNow + Patience;
        while (members.SelectMany(member => member.Records.Keys).Distinct().Count() < count)
        {
            Assert.True(
                DateTime.UtcNow < deadline, $"not all of {count} records came: {string.Join("; ", members)}");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>
    /// Members commit as they go; a commit in the middle of a rebalance may be refused, and is made again afterwards.
    /// </summary>
    private async Task WaitForCommitsAsync(int count)
    {
        DateTime deadline = DateTime.UtcNow + Patience;
        for (long committed = Committed(); committed != count; committed = Committed())
        {
            Assert.True(DateTime.UtcNow < deadline, $"{committed} of {count} records are committed");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    private Task ProduceAsync(IEnumerable<string> lines) => Shell.RunAsync(
        Repository.PathOf("scripts", "kraftsharp"),
        ["produce", name, "--key-separator", "\\t", "-b", cluster.Bootstrap],
        string.Concat(lines.Select(line => line + "\n")));

    private long Committed()
    {
        using IConsumer<string, string> reader = new ConsumerBuilder<string, string>(
            new ConsumerConfig { BootstrapServers = cluster.Bootstrap, GroupId = name }).Build();
        return reader.Committed(
            Enumerable.Range(0, 6).Select(partition => new TopicPartition(name, partition)), Patience)
            .Sum(offset => Math.Max(0, offset.Offset.Value));
    }
}
