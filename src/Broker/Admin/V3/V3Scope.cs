using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V3;

/// <summary>One call below <c>/v3/clusters/{cluster_id}</c>: its links, and the checks that every such call has.
/// </summary>
internal sealed class V3Scope(AdminCall call, string clusterId)
{
    public const string Root = "/v3/clusters/{cluster_id}";

    public AdminCall Call => call;

    public string ClusterId => clusterId;

    private string Base => $"/v3/clusters/{clusterId}";

    /// <param name="path">Below the cluster, without a slash in front; its segments escaped.</param>
    public Related Related(string path) => new(call.Link($"{Base}/{path}"));

    /// <param name="path">Below the cluster; empty for the cluster itself.</param>
    /// <param name="names">Kind and name of each level below the cluster, for the resource name.</param>
    public V3Metadata Metadata(string path, params ReadOnlySpan<string> names)
    {
        string resource = $"crn:///kafka={clusterId}";
        for (int i = 0; i + 1 < names.Length; i += 2)
        {
            resource += $"/{names[i]}={names[i + 1]}";
        }

        return new V3Metadata(call.Link(path.Length == 0 ? Base : $"{Base}/{path}"), resource);
    }

    /// <summary>A list of a page of items, in the order of their keys.</summary>
    public AdminReply List<TItem, TView>(
        string kind, IEnumerable<TItem> items, Func<TItem, string> key, Func<TItem, TView> view,
        JsonTypeInfo<V3List<TView>> type)
    {
        (IReadOnlyList<TItem> page, string? next) = call.Page(items, key);
        string self = call.Link(call.Http.Request.Path + call.Http.Request.QueryString);
        return AdminReply.Ok(
            new V3List<TView>(kind, new V3ListMetadata(self, next), [.. page.Select(view)]), type);
    }

    /// <summary>The topic that the path names.</summary>
    /// <exception cref="AdminProblem">There is none.</exception>
    public TopicImage Topic(MetadataImage image) => image.Topics.TryGet(call.Route("topic_name"), out TopicImage? topic)
        ? topic
        : throw AdminProblem.Of(ErrorCode.UnknownTopicOrPartition, null);

    /// <summary>The partition that the path names.</summary>
    public PartitionRegistration Partition(TopicImage topic) =>
        topic.Partitions.GetValueOrDefault(call.RouteInt("partition_id"))
            ?? throw AdminProblem.Of(ErrorCode.UnknownTopicOrPartition, null);

    public static string Escape(string segment) => Uri.EscapeDataString(segment);

    /// <summary>A number as a key that sorts as numbers do.</summary>
    public static string Sortable(int number) => number.ToString("D10", CultureInfo.InvariantCulture);
}
