using System.Text;
using System.Text.Json;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V1;

/// <summary>Topics as the console shows them, and the records in them.</summary>
internal sealed class BrowseRoutes(AdminServices services)
{
    private const int DefaultRecords = 50;
    private const int MaxRecords = 1000;
    private const int SearchFetches = 64;
    private const string OnePartition = "/v1/topics/{topic_name}/partitions/{partition_id}";

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/v1/topics", AdminRole.Reader, "All topics, with what is wrong with their partitions.", Topics)
        { Answer = AdminJson.Default.IReadOnlyListTopicSummary },
        new("GET", "/v1/topics/{topic_name}/partitions", AdminRole.Reader,
            "Partitions of a topic: leader, epochs, replicas, ISR, ELR, and where their logs start and end.",
            PartitionsAsync)
        {
            Answer = AdminJson.Default.IReadOnlyListPartitionState,
            Query =
            [
                new AdminQuery("from", "integer", "The first partition; 0 where it is missing."),
                new AdminQuery("count", "integer", "How many; 100 where it is missing, 1000 at the most."),
            ],
        },
        new("GET", OnePartition + "/records", AdminRole.Reader, "Records of a partition.", RecordsAsync)
        {
            Answer = AdminJson.Default.RecordsData,
            Query =
            [
                new AdminQuery("offset", "integer", "The first offset; a negative one counts back from the end."),
                new AdminQuery("timestamp", "integer", "Or the first record at or after this time, in milliseconds."),
                new AdminQuery("key", "string", "Only records with this key, as text."),
                new AdminQuery("limit", "integer", "How many; 50 where it is missing, 1000 at the most."),
                new AdminQuery("committed", "boolean", "Leave out what open and aborted transactions have written."),
            ],
        },
    ];

    private ValueTask<AdminReply> Topics(AdminCall call)
    {
        MetadataImage image = services.Image;
        IReadOnlyList<TopicSummary> topics = [.. from topic in image.Topics.InNameOrder
                                                 let partitions = topic.Partitions.Values
                                                 let minIsr = services.Effective.MinInsyncReplicas(
                                                     image.Configs, topic.Name)
                                                 select new TopicSummary(
                                                     topic.Name, topic.Id.ToString(), TopicNames.IsInternal(topic.Name),
                                                     topic.Partitions.Count,
                                                     partitions.FirstOrDefault()?.Replicas.Length ?? 0, minIsr,
                                                     partitions.Count(one => !one.HasLeader),
                                                     partitions.Count(one => one.Isr.Length < one.Replicas.Length))];
        return new(AdminReply.Ok(topics, AdminJson.Default.IReadOnlyListTopicSummary));
    }

    private async ValueTask<AdminReply> PartitionsAsync(AdminCall call)
    {
        TopicImage topic = services.In(call).Topic(services.Image);
        int from = (int)call.QueryLong("from", 0, 0, int.MaxValue);
        int count = (int)call.QueryLong("count", 100, 1, 1000);
        List<(int Id, PartitionRegistration State)> partitions =
            [.. topic.Partitions.Where(one => one.Key >= from).Take(count).Select(one => (one.Key, one.Value))];
        List<(string, int)> keys = partitions.ConvertAll(one => (topic.Name, one.Id));
        var starts = services.Offsets.ListAsync(keys, OffsetCalls.Earliest);
        var logEnds = services.Offsets.ListAsync(keys, OffsetCalls.Latest, isUncommitted: true);
        var ends = await services.Offsets.ListAsync(keys, OffsetCalls.Latest);
        IReadOnlyDictionary<(string, int), long> first = await starts;
        IReadOnlyDictionary<(string, int), long> last = await logEnds;
        IReadOnlyList<PartitionState> states = [.. partitions.Select(one => new PartitionState(
            one.Id, one.State.HasLeader ? one.State.Leader : null, one.State.LeaderEpoch, one.State.PartitionEpoch,
            one.State.Replicas, one.State.Isr, one.State.Elr, one.State.AddingReplicas, one.State.RemovingReplicas,
            first.TryGetValue((topic.Name, one.Id), out long start) ? start : null,
            ends.TryGetValue((topic.Name, one.Id), out long end) ? end : null,
            last.TryGetValue((topic.Name, one.Id), out long logEnd) ? logEnd : null))];
        return AdminReply.Ok(states, AdminJson.Default.IReadOnlyListPartitionState);
    }

    private async ValueTask<AdminReply> RecordsAsync(AdminCall call)
    {
        string topic = services.In(call).Topic(services.Image).Name;
        int partition = call.RouteInt("partition_id");
        int limit = (int)call.QueryLong("limit", DefaultRecords, 1, MaxRecords);
        long offset = await FirstOffsetAsync(call, (topic, partition), limit);
        byte[]? key = call.Query("key") is { } text ? Encoding.UTF8.GetBytes(text) : null;
        bool onlyCommitted = call.Flag("committed");
        List<ReadRecord> found = [];
        RecordPage page;
        int fetches = 0;
        do
        {
            page = await services.Records.ReadAsync(
                topic, partition, offset, key is null ? limit - found.Count : MaxRecords, onlyCommitted);
            found.AddRange(page.Records.Where(record => key is null || record.Key.AsSpan().SequenceEqual(key)));
            if (page.NextOffset <= offset)
            {
                break;
            }

            offset = page.NextOffset;
        }
        while (found.Count < limit && offset < page.HighWatermark && ++fetches < SearchFetches);
        if (found.Count > limit)
        {
            found.RemoveRange(limit, found.Count - limit);
            offset = found[^1].Offset + 1;
        }

        return AdminReply.Ok(
            new RecordsData(
                topic, partition, page.LogStartOffset, page.HighWatermark, page.LastStableOffset, offset,
                found.ConvertAll(View)),
            AdminJson.Default.RecordsData);
    }

    private async Task<long> FirstOffsetAsync(AdminCall call, (string, int) partition, int limit)
    {
        async Task<long> At(long timestamp) =>
            (await services.Offsets.ListAsync([partition], timestamp)).GetValueOrDefault(partition, -1);

        if (call.Query("timestamp") is not null)
        {
            long found = await At(call.QueryLong("timestamp", 0));
            return found >= 0 ? found : await At(OffsetCalls.Latest);
        }

        long start = Math.Max(0, await At(OffsetCalls.Earliest));
        long end = Math.Max(start, await At(OffsetCalls.Latest));
        long wanted = call.QueryLong("offset", -limit, long.MinValue);
        return Math.Clamp(wanted < 0 ? end + wanted : wanted, start, end);
    }

    private static RecordData View(ReadRecord record) => new(
        record.Offset, record.TimestampMs, Show(record.Key), Show(record.Value),
        [.. record.Headers.Select(header => new HeaderData(Encoding.UTF8.GetString(header.Key), Show(header.Value)))]);

    /// <summary>JSON as JSON, other text as text, the rest in base64.</summary>
    private static BytesData? Show(byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        if (bytes.Length > 0 && bytes[0] is (byte)'{' or (byte)'[')
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(bytes);
                return new BytesData("json", bytes.Length, null, document.RootElement.Clone());
            }
            catch (JsonException)
            {
                // Text that only begins as JSON does.
            }
        }

        try
        {
            string text = StrictUtf8.GetString(bytes);
            if (!text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')))
            {
                return new BytesData("text", bytes.Length, text, null);
            }
        }
        catch (DecoderFallbackException)
        {
            // Not text.
        }

        return new BytesData("base64", bytes.Length, Convert.ToBase64String(bytes), null);
    }

    private static UTF8Encoding StrictUtf8 { get; } = new(false, throwOnInvalidBytes: true);
}

internal sealed record TopicSummary(
    string Name, string Id, bool IsInternal, int Partitions, int ReplicationFactor, int MinIsr, int Offline,
    int UnderReplicated);

/// <param name="LogEndOffset">Of the leader's log; what is beyond the high watermark is not committed yet.</param>
internal sealed record PartitionState(
    int Partition, int? Leader, int LeaderEpoch, int PartitionEpoch, IReadOnlyList<int> Replicas,
    IReadOnlyList<int> Isr, IReadOnlyList<int> Elr, IReadOnlyList<int> AddingReplicas,
    IReadOnlyList<int> RemovingReplicas, long? LogStartOffset, long? HighWatermark, long? LogEndOffset);

/// <param name="NextOffset">Where to go on.</param>
internal sealed record RecordsData(
    string Topic, int Partition, long LogStartOffset, long HighWatermark, long LastStableOffset, long NextOffset,
    IReadOnlyList<RecordData> Records);

internal sealed record RecordData(
    long Offset, long TimestampMs, BytesData? Key, BytesData? Value, IReadOnlyList<HeaderData> Headers);

internal sealed record HeaderData(string Name, BytesData? Value);

/// <param name="Format">json, text or base64.</param>
internal sealed record BytesData(string Format, int Size, string? Text, JsonElement? Json);
