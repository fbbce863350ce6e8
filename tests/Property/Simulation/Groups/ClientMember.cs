using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Simulation.Clients;

namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>
/// A consumer of src/Client in a group: reads, commits, goes and comes back, dies, and sometimes stands still until the
/// group has gone on without it.
/// </summary>
internal sealed class ClientMember(
    SimClient client, ClientHistory history, GroupTopic topic, ConsumerOptions options) : IRebalanceListener
{
    private const int MostPollMs = 3000;
    private readonly SortedDictionary<PartitionId, Reading> _readings = [];
    private readonly SortedDictionary<PartitionId, long> _committed = [];
    private KafkaConsumer? _consumer;
    private bool _isDead;

    /// <summary>It stays from now on, and comes to the end.</summary>
    public bool IsDraining { get; set; }

    /// <summary>A mistake to be found: it commits what it has not processed.</summary>
    public bool CommitsAhead { get; init; }

    public HashSet<string> Taken { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<PartitionId> Owned => _consumer is { } consumer && consumer.GroupMetadata.GenerationId >= 0
        ? [.. consumer.Assigned.Select(partition => new PartitionId(partition.Topic, partition.Partition)).Order()]
        : [];

    public string State => $"{topic.Group} {options.GroupProtocol} {client.Context.Name} {_consumer?.GroupMetadata}: "
        + string.Join(' ', Owned.Select(partition => $"{partition}:{_committed.GetValueOrDefault(partition, -1)}"));

    /// <summary>Options with which rebalances fit into a run.</summary>
    public static ConsumerOptions Options(
        string group, IReadOnlyList<int> nodeIds, Func<int, string> nameOf, int port) => new()
        {
            BootstrapServers = string.Join(',', nodeIds.Select(id => $"{nameOf(id)}:{port}")),
            GroupId = group,
            OffsetReset = OffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,
            EnableAutoCommit = false,
            SessionTimeout = TimeSpan.FromMilliseconds(1500),
            HeartbeatInterval = TimeSpan.FromMilliseconds(300),
            MaxPollInterval = TimeSpan.FromMilliseconds(MostPollMs),
            RequestTimeout = TimeSpan.FromSeconds(3),
            ApiTimeout = TimeSpan.FromSeconds(4),
            FetchMaxWait = TimeSpan.FromMilliseconds(60),
            MaxPollRecords = 7,
        };

    /// <summary>Whether it has committed all of what it owns up to there.</summary>
    public bool HasReached(Func<PartitionId, long> ends) =>
        Owned.All(partition => _committed.GetValueOrDefault(partition, -1) == ends(partition));

    public async Task RunAsync()
    {
        await client.WaitAsync(0, 1500);
        while (true)
        {
            SimConnector connector = new(client);
            _isDead = false;
            _consumer = KafkaConsumer.Create(options, connector.Runtime);
            _consumer.Subscribe(topic.Topic, this);
            await LiveAsync(_consumer, connector);
            _readings.Clear();
            _committed.Clear();
            await client.WaitAsync(50, 2500);
        }
    }

    public ValueTask OnAssignedAsync(KafkaConsumer consumer, IReadOnlyList<TopicPartition> partitions)
    {
        history.Anomalies.AddRange(partitions.Where(partition => _readings.ContainsKey(IdOf(partition)))
            .Select(partition => $"{State}: {partition} is assigned and was never given up"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask OnRevokedAsync(KafkaConsumer consumer, IReadOnlyList<TopicPartition> partitions)
    {
        if (!_isDead)
        {
            await CommitAsync(consumer);
        }

        Forget(partitions);
    }

    public ValueTask OnLostAsync(KafkaConsumer consumer, IReadOnlyList<TopicPartition> partitions)
    {
        Forget(partitions);
        return ValueTask.CompletedTask;
    }

    private static PartitionId IdOf(TopicPartition partition) => new(partition.Topic, partition.Partition);

    /// <summary>Until it leaves, or dies, or is refused.</summary>
    private async Task LiveAsync(KafkaConsumer consumer, SimConnector connector)
    {
        while (IsDraining || client.Chance.Below(150) > 0)
        {
            try
            {
                using FetchedRecords fetched = await consumer.PollAsync(
                    TimeSpan.FromMilliseconds(client.Chance.Between(1, 200)));
                if (CommitsAhead && client.Chance.Below(10) == 0)
                {
                    await CommitAsync(consumer);
                    continue; // it has crashed here, and comes back
                }

                Take(fetched);
            }
            catch (KafkaException error)
            {
                // A static member that died is in the way until its session ends.
                if (error.Code is not (ErrorCode.FencedInstanceId or ErrorCode.UnreleasedInstanceId))
                {
                    history.Anomalies.Add($"{State}: {error.Code} {error.Message}");
                }

                await consumer.CloseAsync(leavesGroup: false);
                return;
            }

            if (client.Chance.Below(4) == 0)
            {
                await CommitAsync(consumer);
            }

            await client.WaitAsync(5, IsDraining || client.Chance.Below(60) > 0 ? 60 : 2 * MostPollMs);
        }

        if (client.Chance.Below(2) == 0)
        {
            _isDead = true;
            connector.Kill();
        }

        await consumer.CloseAsync(leavesGroup: true);
    }

    private void Take(FetchedRecords fetched)
    {
        foreach (PartitionRecords records in fetched.Partitions)
        {
            PartitionId partition = IdOf(records.Partition);
            if (!_readings.TryGetValue(partition, out Reading? reading))
            {
                _readings.Add(partition, reading = history.Operations.Read(
                    $"k{client.Id}", partition, Isolation.ReadCommitted, records.FirstOffset));
            }

            foreach (RecordView record in records)
            {
                string value = Encoding.UTF8.GetString(record.Value);
                reading.Take(record.Offset, value);
                Taken.Add(value);
            }

            reading.Pass(records.NextOffset);
        }
    }

    private async Task CommitAsync(KafkaConsumer consumer)
    {
        // What is committed already is not again, or the log would never come to rest.
        Dictionary<TopicPartition, OffsetAndMetadata> positions = consumer.Positions()
            .Where(entry => _committed.GetValueOrDefault(IdOf(entry.Key), -1) != entry.Value.Offset).ToDictionary();
        List<OffsetCommit> commits = [.. positions.Select(entry => history.Operations.Commit(
            topic.Group, IdOf(entry.Key), entry.Value.Offset))];
        try
        {
            await consumer.CommitAsync(positions);
        }
        catch (KafkaException)
        {
            return; // perhaps one of its attempts was carried out
        }

        foreach (OffsetCommit commit in commits)
        {
            commit.Acknowledge();
            _committed[commit.Partition] = commit.Offset;
        }
    }

    private void Forget(IReadOnlyList<TopicPartition> partitions)
    {
        foreach (TopicPartition partition in partitions)
        {
            _readings.Remove(IdOf(partition));
            _committed.Remove(IdOf(partition));
        }
    }
}
