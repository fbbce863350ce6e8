using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Live;

/// <summary>What the controller decided: the metadata log decoded, and one partition's story in it.</summary>
internal sealed class StoryRoutes(AdminServices services)
{
    private const int DefaultRecords = 100;
    private const int MaxRecords = 5000;

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/v1/metadata/records", AdminRole.Reader,
            "Committed metadata records from an offset on, or the newest; a node keeps the last 20,000 in memory.",
            Records)
        {
            Answer = AdminJson.Default.IReadOnlyListMetadataRecordData,
            Query =
            [
                new AdminQuery("from", "integer", "The first offset; the newest records where it is missing."),
                new AdminQuery("limit", "integer", "How many; 100 where it is missing, 5000 at the most."),
            ],
        },
        new("GET", "/v1/topics/{topic_name}/partitions/{partition_id}/story", AdminRole.Reader,
            "What became of a partition: its creation, elections, ISR and ELR changes, moves.", Story)
        { Answer = AdminJson.Default.IReadOnlyListMetadataRecordData },
    ];

    private ValueTask<AdminReply> Records(AdminCall call)
    {
        int limit = (int)call.QueryLong("limit", DefaultRecords, 1, MaxRecords);
        return new(Reply(call.Query("from") is null
            ? services.Tail.Last(limit)
            : services.Tail.From(call.QueryLong("from", 0), limit)));
    }

    private ValueTask<AdminReply> Story(AdminCall call)
    {
        TopicImage topic = services.In(call).Topic(services.Image);
        int partition = call.RouteInt("partition_id");
        return topic.Partitions.ContainsKey(partition)
            ? new(Reply(services.Tail.StoryOf(topic.Id, partition)))
            : throw AdminProblem.Of(ErrorCode.UnknownTopicOrPartition, null);
    }

    private static AdminReply Reply(IReadOnlyList<MetadataEntry> entries)
    {
        IReadOnlyList<MetadataRecordData> views = [.. entries.Select(entry => entry.View())];
        return AdminReply.Ok(views, AdminJson.Default.IReadOnlyListMetadataRecordData);
    }
}
