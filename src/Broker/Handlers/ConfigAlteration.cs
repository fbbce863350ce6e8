using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>What one resource of AlterConfigs or IncrementalAlterConfigs asks for.</summary>
/// <param name="IsLegacy">True where everything that is not named goes back to its default.</param>
internal sealed record ConfigAlteration(
    ConfigResource Resource, IReadOnlyList<ConfigChange> Changes, bool IsLegacy)
{
    public static ConfigAlteration Of(IncrementalAlterConfigsRequest.AlterConfigsResource wanted) => new(
        new ConfigResource((ConfigResourceType)wanted.ResourceType, wanted.ResourceName),
        [
            .. wanted.Configs.Select(config =>
                new ConfigChange(config.Name, (ConfigOperation)config.ConfigOperation, config.Value)),
        ],
        IsLegacy: false);

    public static ConfigAlteration Of(AlterConfigsRequest.AlterConfigsResource wanted) => new(
        new ConfigResource((ConfigResourceType)wanted.ResourceType, wanted.ResourceName),
        [.. wanted.Configs.Select(config => new ConfigChange(config.Name, ConfigOperation.Set, config.Value))],
        IsLegacy: true);
}
