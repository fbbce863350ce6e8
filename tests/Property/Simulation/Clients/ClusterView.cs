using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>What one client knows of the cluster: asks any broker anew when told that it is out of date.</summary>
internal sealed class ClusterView(SimClient client, IReadOnlyList<int> nodeIds)
{
    private readonly Dictionary<string, MetadataResponse.MetadataResponseTopic> _topics = new(StringComparer.Ordinal);

    public Prng Chance => client.Chance;

    public int AnyNode() => nodeIds[client.Chance.Below(nodeIds.Count)];

    public Uuid? TopicId(string topic) => _topics.TryGetValue(topic, out var found) ? found.TopicId : null;

    public string? TopicName(Uuid id) =>
        _topics.Values.FirstOrDefault(topic => topic.TopicId == id)?.Name;

    /// <summary>The partition's leader as far as known, else -1.</summary>
    public int Leader(string topic, int partition)
    {
        if (!_topics.TryGetValue(topic, out var found))
        {
            return -1;
        }

        return found.Partitions.Find(candidate => candidate.PartitionIndex == partition)?.LeaderId ?? -1;
    }

    /// <summary>Asks one broker, whichever; what it says may be old.</summary>
    public async Task RefreshAsync(string topic)
    {
        var request = new MetadataRequest
        {
            AllowAutoTopicCreation = false,
            Topics = [new MetadataRequest.MetadataRequestTopic { Name = topic }],
        };
        IApiMessage? answer = await client.AskAsync(AnyNode(), request, MetadataRequest.HighestVersion, "metadata");
        if (answer is MetadataResponse response)
        {
            foreach (MetadataResponse.MetadataResponseTopic found in response.Topics)
            {
                if (found.ErrorCode == ErrorCode.None && found.Name is { } name)
                {
                    _topics[name] = found;
                }
            }
        }
    }
}
