using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.History;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Chaos.Load;

/// <summary>A member of a group, of src/Client: what it is given and what it commits go into the history.</summary>
internal sealed class OwnConsumer(
    string name, string group, GroupProtocol protocol, string bootstrap, string topic, OperationHistory history,
    LoadStats stats) : IRebalanceListener
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(200);
    private readonly Dictionary<TopicPartition, Reading> _readings = [];

    public async Task RunAsync(CancellationToken stop)
    {
        await using KafkaConsumer consumer = KafkaConsumer.Create(new ConsumerOptions
        {
            BootstrapServers = bootstrap,
            ClientId = name,
            GroupId = group,
            GroupProtocol = protocol,
            EnableAutoCommit = false,
            OffsetReset = OffsetReset.Earliest,
            SessionTimeout = TimeSpan.FromSeconds(10),
        });
        consumer.Subscribe(topic, this);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await PollAsync(consumer))
                {
                    await CommitAsync(consumer);
                }
            }
            catch (KafkaException error)
            {
                stats.OnError($"{name}: {error.Message}");
                await Task.Delay(PollTime, CancellationToken.None);
            }
        }
    }

    public ValueTask OnRevokedAsync(KafkaConsumer consumer, IReadOnlyList<TopicPartition> partitions)
    {
        foreach (TopicPartition partition in partitions)
        {
            _readings.Remove(partition);
        }

        return ValueTask.CompletedTask;
    }

    private async Task<bool> PollAsync(KafkaConsumer consumer)
    {
        using FetchedRecords fetched = await consumer.PollAsync(PollTime);
        foreach (PartitionRecords part in fetched.Partitions)
        {
            if (!_readings.TryGetValue(part.Partition, out Reading? reading))
            {
                PartitionId id = new(part.Partition.Topic, part.Partition.Partition);
                reading = history.Read(name, id, Isolation.ReadUncommitted, part.FirstOffset);
                _readings.Add(part.Partition, reading);
            }

            foreach (ref readonly RecordView record in part)
            {
                reading.Take(record.Offset, Encoding.UTF8.GetString(record.Value));
                stats.OnRead();
            }

            reading.Pass(part.NextOffset);
        }

        return fetched.Partitions.Count > 0;
    }

    private async Task CommitAsync(KafkaConsumer consumer)
    {
        Dictionary<TopicPartition, OffsetAndMetadata> positions = new(consumer.Positions());
        OffsetCommit[] commits =
        [
            .. positions.Select(position => history.Commit(
                group, new PartitionId(position.Key.Topic, position.Key.Partition), position.Value.Offset)),
        ];
        try
        {
            await consumer.CommitAsync(positions);
            Array.ForEach(commits, commit => commit.Acknowledge());
        }
        catch (KafkaException error) when (IsOfARebalance(error.Code))
        {
            // The group has moved on: whoever owns the partitions now reads them again.
        }
    }

    private static bool IsOfARebalance(Protocol.ErrorCode error) => error is Protocol.ErrorCode.IllegalGeneration
        or Protocol.ErrorCode.UnknownMemberId or Protocol.ErrorCode.RebalanceInProgress
        or Protocol.ErrorCode.StaleMemberEpoch or Protocol.ErrorCode.FencedMemberEpoch;
}
