using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>Brings the requests of the streams protocol (KIP-1071) to the shards that keep the groups. Any thread.
/// </summary>
internal sealed class StreamsCoordinator(GroupCoordinator coordinator, Func<MetadataImage> image)
{
    private const string StreamsVersion = "streams.version";

    /// <summary>The answer to whoever asks for a description of a topology: this broker keeps none.</summary>
    private const sbyte DescriptionNotStored = 1;

    /// <summary>Whether the streams protocol is served: the node's config and the cluster's features decide.</summary>
    public bool IsEnabled =>
        coordinator.Settings.Protocols.Contains("streams") && image().Features.LevelOf(StreamsVersion) >= 1;

    public async Task<StreamsHeartbeatResult> HeartbeatAsync(StreamsGroupHeartbeatRequest request, GroupClient client)
    {
        if (!IsEnabled)
        {
            return StreamsHeartbeatResult.Failed(
                ErrorCode.UnsupportedVersion, ErrorCodes.Message(ErrorCode.UnsupportedVersion));
        }

        if ((StreamsHeartbeatChecks.CheckTopics(request) ?? StreamsHeartbeatChecks.Check(request)) is { } refusal)
        {
            return StreamsHeartbeatResult.Failed(refusal.Error, refusal.Message);
        }

        Outcome<StreamsHeartbeatResult> outcome = await coordinator.Run<StreamsHeartbeatResult>(
            request.GroupId, (shard, reply) => shard.Streams.Heartbeat(request, client, reply));
        return outcome.Value ?? StreamsHeartbeatResult.Failed(outcome.Error, ErrorCodes.Message(outcome.Error));
    }

    public async Task<StreamsGroupDescribeResponse.DescribedGroup> DescribeAsync(
        string groupId, bool withTopologyDescription)
    {
        if (!IsEnabled || groupId.Length == 0)
        {
            return new StreamsGroupDescribeResponse.DescribedGroup
            {
                GroupId = groupId,
                ErrorCode = IsEnabled ? ErrorCode.InvalidGroupId : ErrorCode.UnsupportedVersion,
            };
        }

        Outcome<StreamsGroupDescribeResponse.DescribedGroup> outcome =
            await coordinator.Run<StreamsGroupDescribeResponse.DescribedGroup>(
                groupId, (shard, reply) => reply.Now(shard.Streams.Describe(groupId)));
        if (outcome.Value is not { } described)
        {
            return new StreamsGroupDescribeResponse.DescribedGroup { GroupId = groupId, ErrorCode = outcome.Error };
        }

        if (withTopologyDescription && described.ErrorCode == ErrorCode.None)
        {
            described.TopologyDescriptionStatus = DescriptionNotStored;
        }

        return described;
    }
}
