using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Tests.Property.Simulation.Clients;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>What the metadata must say in the end, by what the admin client was told.</summary>
internal static class ClusterModel
{
    /// <param name="isCalm">Nothing went wrong in the run, so that no request was delayed and sent twice.</param>
    public static IEnumerable<string> Differences(ClientHistory history, MetadataImage image, bool isCalm)
    {
        foreach ((string name, int partitions) in history.CreatedTopics)
        {
            if (!image.Topics.TryGet(name, out TopicImage? topic))
            {
                yield return $"topic {name} was created and is gone";
            }
            else if (topic.Partitions.Count != partitions)
            {
                yield return $"topic {name} was given {partitions} partitions and has {topic.Partitions.Count}";
            }
        }

        foreach (string name in history.DeletedTopics.Where(_ => isCalm))
        {
            if (image.Topics.TryGet(name, out _))
            {
                yield return $"topic {name} was deleted and is there";
            }
        }

        foreach ((string name, ConfigHistory values) in history.MaxMessageBytes)
        {
            string? found = image.Configs.For(new ConfigResource(ConfigResourceType.Topic, name))
                .GetValueOrDefault("max.message.bytes");
            if (found != values.Last && (isCalm || found is null || !values.Attempted.Contains(found)))
            {
                yield return $"max.message.bytes of {name} was set to {values.Last} and is {found ?? "not set"}";
            }
        }
    }
}
