using System.Diagnostics;
using System.Globalization;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Benchmarks.Partitions;

/// <summary>
/// An active controller with very many partitions, on a disk: what it takes to create them, to fence a broker and take
/// it back, to serve heartbeats meanwhile, and to start again from a snapshot. Brokers are requests, no processes.
/// </summary>
internal static class PartitionsBench
{
    private const int Brokers = 5;
    private const short ReplicationFactor = 3;
    private const int PerTopic = 1000;
    private const int TopicsPerRequest = 5;
    private const int SmallTopics = 1000;
    private const int Heartbeats = 10_000;
    private const int PerAlteration = 1000;

    /// <param name="partitions">How many; 100,000 is what Kafka's documentation calls many.</param>
    public static async Task RunAsync(int partitions)
    {
        string directory = Directory.CreateTempSubdirectory("kraftsharp-partitions").FullName;
        try
        {
            await RunAsync(directory, partitions);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task RunAsync(string directory, int partitions)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{partitions} partitions of {ReplicationFactor} replicas on {Brokers} brokers, topics of {PerTopic}"));
        ControllerUnderTest node = await ControllerUnderTest.StartAsync(directory);
        for (int id = 0; id < Brokers; id++)
        {
            await node.RegisterAsync(id);
        }

        await Time("create", partitions, () => CreateAsync(node, partitions));
        await Time($"{SmallTopics} topics of one partition", SmallTopics, () => CreateSmallAsync(node));
        await Time("heartbeats", Heartbeats, () => BeatAsync(node));
        int led = node.Image.Topics.ById.Values.Sum(topic => topic.Partitions.Values.Count(each => each.Leader == 0));
        await Time("fence a broker, elect its leaders elsewhere", led, () => node.BeatAsync(0, wantFence: true));
        await Time("unfence it", 1, () => node.BeatAsync(0));
        await Time("take it back into the ISRs", partitions * ReplicationFactor / Brokers, () => RejoinAsync(node));
        Memory("with the controller and a loader");
        await Time("snapshot", partitions, node.WriteSnapshotAsync);
        await node.StopAsync();
        await Time("start from the snapshot until active", partitions, async () =>
            node = await ControllerUnderTest.StartAsync(directory));
        int found = node.Image.Topics.ById.Values.Sum(topic => topic.Partitions.Count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"partitions after the start",-46}{found,10}"));
        await node.StopAsync();
    }

    private static async Task CreateAsync(ControllerUnderTest node, int partitions)
    {
        int topics = partitions / PerTopic;
        for (int first = 0; first < topics; first += TopicsPerRequest)
        {
            CreateTopicsRequest request = new() { TimeoutMs = 60_000 };
            for (int i = first; i < Math.Min(first + TopicsPerRequest, topics); i++)
            {
                request.Topics.Add(new CreateTopicsRequest.CreatableTopic
                {
                    Name = $"many_{i}",
                    NumPartitions = PerTopic,
                    ReplicationFactor = ReplicationFactor,
                });
            }

            await CreateAsync(node, request);
        }
    }

    private static async Task CreateSmallAsync(ControllerUnderTest node)
    {
        for (int i = 0; i < SmallTopics; i++)
        {
            await CreateAsync(node, new CreateTopicsRequest
            {
                TimeoutMs = 60_000,
                Topics =
                [
                    new CreateTopicsRequest.CreatableTopic
                    {
                        Name = $"small.{i}",
                        NumPartitions = 1,
                        ReplicationFactor = ReplicationFactor,
                    },
                ],
            });
        }
    }

    private static async Task CreateAsync(ControllerUnderTest node, CreateTopicsRequest request)
    {
        var response = (CreateTopicsResponse)await node.AskAsync(request, 7);
        if (response.Topics.Find(topic => topic.ErrorCode != ErrorCode.None) is { } failed)
        {
            throw new InvalidOperationException($"{failed.Name}: {failed.ErrorCode} {failed.ErrorMessage}");
        }
    }

    private static async Task BeatAsync(ControllerUnderTest node)
    {
        for (int i = 0; i < Heartbeats; i++)
        {
            await node.BeatAsync(i % Brokers);
        }
    }

    /// <summary>What the leaders ask for once broker 0 has caught up.</summary>
    private static async Task RejoinAsync(ControllerUnderTest node)
    {
        foreach ((int leader, AlterPartitionRequest request) in Alterations(node.Image))
        {
            request.BrokerEpoch = node.Image.Cluster.Broker(leader)!.Epoch;
            var response = (AlterPartitionResponse)await node.AskAsync(request, 3);
            if (response.ErrorCode != ErrorCode.None)
            {
                throw new InvalidOperationException($"AlterPartition: {response.ErrorCode}");
            }
        }
    }

    private static IEnumerable<(int Leader, AlterPartitionRequest Request)> Alterations(MetadataImage image)
    {
        var lacking = image.Topics.ById.Values.SelectMany(topic => topic.Partitions
            .Where(entry => entry.Value.Replicas.Contains(0) && !entry.Value.Isr.Contains(0))
            .Select(entry => (Topic: topic.Id, Id: entry.Key, Partition: entry.Value)));
        foreach (var ofLeader in lacking.GroupBy(entry => entry.Partition.Leader))
        {
            foreach (var chunk in ofLeader.Chunk(PerAlteration))
            {
                AlterPartitionRequest request = new() { BrokerId = ofLeader.Key };
                foreach (var ofTopic in chunk.GroupBy(entry => entry.Topic))
                {
                    request.Topics.Add(new AlterPartitionRequest.TopicData
                    {
                        TopicId = ofTopic.Key,
                        Partitions = [.. ofTopic.Select(entry => WithBroker0(image, entry.Id, entry.Partition))],
                    });
                }

                yield return (ofLeader.Key, request);
            }
        }
    }

    private static AlterPartitionRequest.PartitionData WithBroker0(
        MetadataImage image, int id, PartitionRegistration partition) => new()
        {
            PartitionIndex = id,
            LeaderEpoch = partition.LeaderEpoch,
            PartitionEpoch = partition.PartitionEpoch,
            NewIsrWithEpochs =
            [
                .. partition.Isr.Append(0).Select(member => new AlterPartitionRequest.BrokerState
                {
                    BrokerId = member,
                    BrokerEpoch = image.Cluster.Broker(member)!.Epoch,
                }),
            ],
        };

    private static async Task Time(string what, int count, Func<Task> work)
    {
        Stopwatch watch = Stopwatch.StartNew();
        await work();
        double ms = watch.Elapsed.TotalMilliseconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what,-46}{ms,10:0.0} ms{ms * 1000 / count,10:0.0} us each of {count}"));
    }

    private static void Memory(string when)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        double managed = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        double resident = Environment.WorkingSet / 1e6;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{"memory " + when,-46}{managed,10:0.0} MB managed, {resident:0.0} MB resident"));
    }
}
