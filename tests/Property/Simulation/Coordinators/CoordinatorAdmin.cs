using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Tests.Property.Simulation.Clients;
using KRaftSharp.Tests.Property.Simulation.Cluster;

namespace KRaftSharp.Tests.Property.Simulation.Coordinators;

/// <summary>
/// Makes the run's topics, then moves leaders to their preferred brokers now and then, those of the coordinators too.
/// </summary>
internal sealed class CoordinatorAdmin(
    SimClient client, ClusterView view, IReadOnlyDictionary<string, int> topics, Action created)
{
    private const int TimeoutMs = 2000;
    private const short Replicas = 3;

    public bool IsDraining { get; set; }

    public bool IsDone { get; private set; }

    public async Task RunAsync()
    {
        foreach ((string name, int partitions) in topics)
        {
            while (!await TryCreateAsync(name, partitions))
            {
                await client.WaitAsync(50, 300);
            }
        }

        created();
        IsDone = true;
        while (!IsDraining)
        {
            await client.WaitAsync(500, 3000);
            var request = new ElectLeadersRequest { TopicPartitions = Movable(), TimeoutMs = TimeoutMs };
            await client.AskAsync(view.AnyNode(), request, ElectLeadersRequest.HighestVersion, "admin");
        }
    }

    private List<ElectLeadersRequest.TopicPartitionsValue> Movable() =>
    [
        .. topics.Keys.Append(InternalTopic.Offsets).Append(InternalTopic.Transactions)
            .Where(_ => client.Chance.Below(2) == 0)
            .Select(topic => new ElectLeadersRequest.TopicPartitionsValue
            {
                Topic = topic,
                Partitions = [0, 1],
            }),
    ];

    private async Task<bool> TryCreateAsync(string name, int partitions)
    {
        var request = new CreateTopicsRequest
        {
            TimeoutMs = TimeoutMs,
            Topics =
            [
                new CreateTopicsRequest.CreatableTopic
                {
                    Name = name,
                    NumPartitions = partitions,
                    ReplicationFactor = Replicas,
                },
            ],
        };
        return await client.AskAsync(view.AnyNode(), request, CreateTopicsRequest.HighestVersion, "admin")
            is CreateTopicsResponse { Topics: [{ ErrorCode: ErrorCode.None or ErrorCode.TopicAlreadyExists }] };
    }
}
