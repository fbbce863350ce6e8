using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;

namespace KRaftSharp.Broker.Admin.V3;

/// <summary>Consumer groups, their members and how far they are behind.</summary>
internal sealed class GroupRoutes(AdminServices services)
{
    private const string Groups = V3Scope.Root + "/consumer-groups";
    private const string One = Groups + "/{consumer_group_id}";
    private const string Consumer = One + "/consumers/{consumer_id}";

    private static readonly AdminQuery[] Paging = [AdminQuery.PageSize, AdminQuery.PageToken];

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Groups, AdminRole.Reader, "All consumer groups.", ListAsync)
        { Answer = AdminJson.Default.V3ListConsumerGroupData, Query = Paging },
        new("GET", One, AdminRole.Reader, "A consumer group.", GetAsync)
        { Answer = AdminJson.Default.ConsumerGroupData },
        new("DELETE", One, AdminRole.Admin, "Deletes a group that has no members.", DeleteAsync)
        { Success = 204, Query = [AdminQuery.DryRun] },
        new("GET", One + "/consumers", AdminRole.Reader, "The members of a group.", ConsumersAsync)
        { Answer = AdminJson.Default.V3ListConsumerData, Query = Paging },
        new("GET", Consumer, AdminRole.Reader, "A member of a group.", ConsumerAsync)
        { Answer = AdminJson.Default.ConsumerData },
        new("GET", Consumer + "/assignments", AdminRole.Reader, "What a member reads.", AssignmentsAsync)
        { Answer = AdminJson.Default.V3ListConsumerAssignmentData, Query = Paging },
        new("GET", Consumer + "/assignments/{topic_name}/partitions/{partition_id}", AdminRole.Reader,
            "One partition that a member reads.", AssignmentAsync)
        { Answer = AdminJson.Default.ConsumerAssignmentData },
        new("GET", One + "/lag-summary", AdminRole.Reader, "How far a group is behind.", LagSummaryAsync)
        { Answer = AdminJson.Default.ConsumerGroupLagSummaryData },
        new("GET", One + "/lags", AdminRole.Reader, "How far a group is behind, by partition.", LagsAsync)
        { Answer = AdminJson.Default.V3ListConsumerLagData, Query = Paging },
        new("GET", One + "/lags/{topic_name}/partitions/{partition_id}", AdminRole.Reader,
            "How far a group is behind in one partition.", LagAsync)
        { Answer = AdminJson.Default.ConsumerLagData },
    ];

    private async ValueTask<AdminReply> ListAsync(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        IReadOnlyList<ListedGroup> groups = await services.Groups.ListAsync();
        return scope.List(
            "KafkaConsumerGroupList", groups.Where(IsConsumer), group => group.Id, group => View(scope, group, ""),
            AdminJson.Default.V3ListConsumerGroupData);
    }

    private async ValueTask<AdminReply> GetAsync(AdminCall call)
    {
        GroupDescription group = await DescribeAsync(call);
        return AdminReply.Ok(
            View(services.Scope(call), group.Group, group.Assignor), AdminJson.Default.ConsumerGroupData);
    }

    private async ValueTask<AdminReply> DeleteAsync(AdminCall call)
    {
        GroupDescription group = await DescribeAsync(call);
        if (call.IsDryRun)
        {
            return group.Members.Count == 0 ? AdminReply.NoContent
                : throw AdminProblem.Of(Protocol.ErrorCode.NonEmptyGroup, null);
        }

        await services.Groups.DeleteAsync(group.Group.Id);
        return AdminReply.NoContent;
    }

    private async ValueTask<AdminReply> ConsumersAsync(AdminCall call)
    {
        GroupDescription group = await DescribeAsync(call);
        V3Scope scope = services.Scope(call);
        return scope.List(
            "KafkaConsumerList", group.Members, member => member.Id, member => View(scope, group, member),
            AdminJson.Default.V3ListConsumerData);
    }

    private async ValueTask<AdminReply> ConsumerAsync(AdminCall call)
    {
        GroupDescription group = await DescribeAsync(call);
        return AdminReply.Ok(
            View(services.Scope(call), group, Member(call, group)), AdminJson.Default.ConsumerData);
    }

    private async ValueTask<AdminReply> AssignmentsAsync(AdminCall call)
    {
        GroupDescription group = await DescribeAsync(call);
        GroupMember member = Member(call, group);
        V3Scope scope = services.Scope(call);
        return scope.List(
            "KafkaConsumerAssignmentList", member.Assignment,
            partition => $"{partition.Topic}/{V3Scope.Sortable(partition.Partition)}",
            partition => View(scope, group, member, partition), AdminJson.Default.V3ListConsumerAssignmentData);
    }

    private async ValueTask<AdminReply> AssignmentAsync(AdminCall call)
    {
        GroupDescription group = await DescribeAsync(call);
        GroupMember member = Member(call, group);
        (string, int) partition = (call.Route("topic_name"), call.RouteInt("partition_id"));
        return member.Assignment.Contains(partition)
            ? AdminReply.Ok(
                View(services.Scope(call), group, member, partition), AdminJson.Default.ConsumerAssignmentData)
            : throw AdminProblem.NotFound("This partition is not assigned to this member");
    }

    private async ValueTask<AdminReply> LagSummaryAsync(AdminCall call)
    {
        (GroupDescription group, List<PartitionLag> lags) = await OwnedLagsAsync(call);
        PartitionLag most = lags.MaxBy(lag => lag.Lag)
            ?? throw AdminProblem.NotFound($"Group {group.Group.Id} has no member that reads a partition");
        V3Scope scope = services.Scope(call);
        string path = PathOf(group.Group.Id);
        return AdminReply.Ok(
            new ConsumerGroupLagSummaryData(
                scope.Metadata($"{path}/lag-summary", "consumer-group", group.Group.Id, "lag-summary", "-"),
                scope.ClusterId, group.Group.Id, most.Owner!.Id, most.Owner.InstanceId, most.Owner.ClientId, most.Topic,
                most.Partition, most.Lag, lags.Sum(lag => lag.Lag),
                scope.Related($"{path}/consumers/{V3Scope.Escape(most.Owner.Id)}"),
                scope.Related($"topics/{V3Scope.Escape(most.Topic)}/partitions/{most.Partition}")),
            AdminJson.Default.ConsumerGroupLagSummaryData);
    }

    private async ValueTask<AdminReply> LagsAsync(AdminCall call)
    {
        (GroupDescription group, List<PartitionLag> lags) = await OwnedLagsAsync(call);
        V3Scope scope = services.Scope(call);
        return scope.List(
            "KafkaConsumerLagList", lags, lag => $"{lag.Topic}/{V3Scope.Sortable(lag.Partition)}",
            lag => View(scope, group, lag), AdminJson.Default.V3ListConsumerLagData);
    }

    private async ValueTask<AdminReply> LagAsync(AdminCall call)
    {
        (GroupDescription group, List<PartitionLag> lags) = await OwnedLagsAsync(call);
        string topic = call.Route("topic_name");
        int partition = call.RouteInt("partition_id");
        PartitionLag lag = lags.Find(lag => lag.Topic == topic && lag.Partition == partition)
            ?? throw AdminProblem.NotFound("No member of the group reads this partition");
        return AdminReply.Ok(View(services.Scope(call), group, lag), AdminJson.Default.ConsumerLagData);
    }

    private async Task<GroupDescription> DescribeAsync(AdminCall call)
    {
        services.Scope(call);
        GroupDescription group = await services.Groups.DescribeAsync(call.Route("consumer_group_id"));
        return IsConsumer(group.Group)
            ? group
            : throw AdminProblem.NotFound($"Group {group.Group.Id} is no consumer group: {group.Group.Type}");
    }

    /// <summary>Only partitions that a member reads: the API's lag names its consumer.</summary>
    private async Task<(GroupDescription Group, List<PartitionLag> Lags)> OwnedLagsAsync(AdminCall call)
    {
        GroupDescription group = await DescribeAsync(call);
        IReadOnlyList<PartitionLag> lags = await services.Lags.OfAsync(group);
        return (group, [.. lags.Where(lag => lag.Owner is not null)]);
    }

    private static bool IsConsumer(ListedGroup group) =>
        group.Type.ToUpperInvariant() is "CONSUMER" or "CLASSIC" && group.ProtocolType is "consumer" or "";

    private static GroupMember Member(AdminCall call, GroupDescription group)
    {
        string id = call.Route("consumer_id");
        return group.Members.FirstOrDefault(member => member.Id == id)
            ?? throw AdminProblem.NotFound($"Group {group.Group.Id} has no member {id}");
    }

    private static ConsumerGroupData View(V3Scope scope, ListedGroup group, string assignor)
    {
        string path = PathOf(group.Id);
        return new ConsumerGroupData(
            scope.Metadata(path, "consumer-group", group.Id), scope.ClusterId, group.Id, group.IsSimple, assignor,
            group.UpperState, group.Type.ToUpperInvariant(), scope.Related($"brokers/{group.Coordinator}"),
            scope.Related($"{path}/consumers"), scope.Related($"{path}/lag-summary"));
    }

    private static ConsumerData View(V3Scope scope, GroupDescription group, GroupMember member)
    {
        string path = $"{PathOf(group.Group.Id)}/consumers/{V3Scope.Escape(member.Id)}";
        return new ConsumerData(
            scope.Metadata(path, "consumer-group", group.Group.Id, "consumer", member.Id), scope.ClusterId,
            group.Group.Id, member.Id, member.InstanceId, member.ClientId, scope.Related($"{path}/assignments"));
    }

    private static ConsumerAssignmentData View(
        V3Scope scope, GroupDescription group, GroupMember member, (string Topic, int Partition) partition)
    {
        string groupPath = PathOf(group.Group.Id);
        string tail = $"{V3Scope.Escape(partition.Topic)}/partitions/{partition.Partition}";
        return new ConsumerAssignmentData(
            scope.Metadata(
                $"{groupPath}/consumers/{V3Scope.Escape(member.Id)}/assignments/{tail}", "consumer-group",
                group.Group.Id, "consumer", member.Id, "assignment", $"{partition.Topic}-{partition.Partition}"),
            scope.ClusterId, group.Group.Id, member.Id, partition.Topic, partition.Partition,
            scope.Related($"topics/{tail}"), scope.Related($"{groupPath}/lags/{tail}"));
    }

    private static ConsumerLagData View(V3Scope scope, GroupDescription group, PartitionLag lag) => new(
        scope.Metadata(
            $"{PathOf(group.Group.Id)}/lags/{V3Scope.Escape(lag.Topic)}/partitions/{lag.Partition}", "consumer-group",
            group.Group.Id, "lag", $"{lag.Topic}-{lag.Partition}"),
        scope.ClusterId, group.Group.Id, lag.Topic, lag.Partition, lag.Current ?? -1, lag.End ?? -1, lag.Lag,
        lag.Owner!.Id, lag.Owner.InstanceId, lag.Owner.ClientId);

    private static string PathOf(string group) => $"consumer-groups/{V3Scope.Escape(group)}";
}
