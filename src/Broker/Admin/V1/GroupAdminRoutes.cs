using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V1;

/// <summary>Groups of every kind with members, assignments and lag; and where they go on reading.</summary>
internal sealed class GroupAdminRoutes(AdminServices services)
{
    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/v1/groups", AdminRole.Reader, "All groups: classic, consumer, share and streams.", ListAsync)
        { Answer = AdminJson.Default.IReadOnlyListGroupSummary },
        new("GET", "/v1/groups/{group_id}", AdminRole.Reader, "A group: members, assignments, lag.", GetAsync)
        { Answer = AdminJson.Default.GroupData },
        new("POST", "/v1/groups/{group_id}/offsets:reset", AdminRole.Admin,
            "Moves where a group without members goes on reading; answers the offsets before and after.", ResetAsync)
        {
            Body = AdminJson.Default.ResetOffsetsBody, Answer = AdminJson.Default.IReadOnlyListOffsetChange,
            Query = [AdminQuery.DryRun],
        },
    ];

    private async ValueTask<AdminReply> ListAsync(AdminCall call)
    {
        IReadOnlyList<GroupSummary> groups = [.. (await services.Groups.ListAsync()).Select(group =>
            new GroupSummary(group.Id, group.Type, group.State, group.ProtocolType, group.Coordinator))];
        return AdminReply.Ok(groups, AdminJson.Default.IReadOnlyListGroupSummary);
    }

    private async ValueTask<AdminReply> GetAsync(AdminCall call)
    {
        GroupDescription group = await services.Groups.DescribeAsync(call.Route("group_id"));
        IReadOnlyList<PartitionLag> lags = await services.Lags.OfAsync(group);
        return AdminReply.Ok(
            new GroupData(
                group.Group.Id, group.Group.Type, group.Group.State, group.Group.Coordinator, group.Assignor,
                group.Epoch,
                [.. group.Members.Select(member => new GroupMemberData(
                    member.Id, member.InstanceId, member.ClientId, member.Host, member.Epoch,
                    [.. member.Assignment.Select(one => new PartitionBody(one.Topic, one.Partition))]))],
                [.. lags.Select(lag => new GroupLagData(
                    lag.Topic, lag.Partition, lag.Current, lag.End, lag.Lag, lag.Owner?.Id))],
                lags.Sum(lag => lag.Lag)),
            AdminJson.Default.GroupData);
    }

    private async ValueTask<AdminReply> ResetAsync(AdminCall call)
    {
        string group = call.Route("group_id");
        ResetOffsetsBody body = await call.ReadAsync(AdminJson.Default.ResetOffsetsBody);
        bool isShare = (await services.Groups.FindAsync(group))?.IsShare == true;
        var committed = isShare
            ? (await services.Shares.DescribeAsync(group)).Where(state => state.Value.Start >= 0).ToDictionary(
                state => state.Key, state => new CommittedOffset(state.Value.Start, -1, null))
            : await services.Groups.CommittedAsync(group);
        List<(string Topic, int Partition)> partitions = Chosen(body, committed.Keys);
        var first = await services.Offsets.ListAsync(partitions, OffsetCalls.Earliest);
        var last = await services.Offsets.ListAsync(partitions, OffsetCalls.Latest);
        var wanted = await WantedAsync(body, partitions, committed, first, last);
        IReadOnlyList<OffsetChange> changes = [.. partitions
            .Where(partition => wanted.ContainsKey(partition) && first.ContainsKey(partition)
                && last.ContainsKey(partition))
            .Select(partition => new OffsetChange(
                partition.Topic, partition.Partition,
                committed.TryGetValue(partition, out CommittedOffset before) ? before.Offset : null,
                Math.Clamp(wanted[partition], first[partition], last[partition])))];
        if (!call.IsDryRun && changes.Count > 0)
        {
            var offsets = changes.Select(change => ((change.Topic, change.Partition), change.After));
            await (isShare ? services.Shares.AlterAsync(group, offsets) : services.Groups.CommitAsync(group, offsets));
        }

        return AdminReply.Ok(changes, AdminJson.Default.IReadOnlyListOffsetChange);
    }

    private List<(string Topic, int Partition)> Chosen(
        ResetOffsetsBody body, IEnumerable<(string Topic, int Partition)> committed)
    {
        if (body.Topics is not { } topics)
        {
            return [.. committed.Order()];
        }

        MetadataImage image = services.Image;
        return [.. from name in topics
                   let topic = image.Topics.TryGet(name, out TopicImage? found)
                       ? found
                       : throw AdminProblem.Of(Protocol.ErrorCode.UnknownTopicOrPartition, $"There is no topic {name}")
                   from partition in topic.Partitions.Keys
                   where body.Partitions is null || body.Partitions.Contains(partition)
                   select (name, partition)];
    }

    private async Task<IReadOnlyDictionary<(string, int), long>> WantedAsync(
        ResetOffsetsBody body, IReadOnlyList<(string, int)> partitions,
        IReadOnlyDictionary<(string, int), CommittedOffset> committed,
        IReadOnlyDictionary<(string, int), long> first, IReadOnlyDictionary<(string, int), long> last)
    {
        switch (body.To)
        {
            case "earliest":
                return first;
            case "latest":
                return last;
            case "offset" when body.Value is { } offset:
                return partitions.ToDictionary(partition => partition, _ => offset);
            case "shift" when body.Value is { } shift:
                return committed.ToDictionary(entry => entry.Key, entry => entry.Value.Offset + shift);
            case "timestamp" when body.Value is { } time:
                // After the last record of all, Kafka answers -1: that is the end.
                return (await services.Offsets.ListAsync(partitions, time))
                    .ToDictionary(entry => entry.Key, entry => entry.Value < 0 ? long.MaxValue : entry.Value);
            default:
                throw AdminProblem.BadRequest(
                    "to is earliest, latest, or one of offset, shift, timestamp (in milliseconds) with a value");
        }
    }
}

internal sealed record GroupSummary(string GroupId, string Type, string State, string ProtocolType, int Coordinator);

internal sealed record GroupData(
    string GroupId, string Type, string State, int Coordinator, string Assignor, int? Epoch,
    IReadOnlyList<GroupMemberData> Members, IReadOnlyList<GroupLagData> Lags, long TotalLag);

internal sealed record GroupMemberData(
    string MemberId, string? InstanceId, string ClientId, string Host, int? Epoch,
    IReadOnlyList<PartitionBody> Assignment);

/// <param name="Current">Null where nothing is committed.</param>
/// <param name="MemberId">Null where nobody reads it.</param>
internal sealed record GroupLagData(
    string Topic, int Partition, long? Current, long? End, long Lag, string? MemberId);

/// <param name="To">earliest, latest, offset, shift or timestamp.</param>
/// <param name="Topics">Null: every partition that the group has committed for.</param>
internal sealed record ResetOffsetsBody(
    string To, long? Value = null, IReadOnlyList<string>? Topics = null, IReadOnlyList<int>? Partitions = null);

internal sealed record OffsetChange(string Topic, int Partition, long? Before, long After);
