using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Sharing;

namespace KRaftSharp.Cli.Records;

/// <summary><c>consume --share-group</c>: takes records, accepts each once it is printed, and gives back the
/// rest.</summary>
internal static class ShareReading
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(500);

    public static async Task RunAsync(
        ToolContext context, string topic, string group, long mostRecords, RecordPrinter printer,
        CancellationToken cancellation)
    {
        int atOnce = (int)Math.Min(mostRecords, MostAtOnce);
        if (atOnce <= 0)
        {
            return;
        }

        await using KafkaShareConsumer consumer = KafkaShareConsumer.Create(context.Connect(new ShareConsumerOptions
        {
            GroupId = group,
            AcknowledgementMode = AcknowledgementMode.Explicit,
            AcquireMode = mostRecords < long.MaxValue ? ShareAcquireMode.RecordLimit : ShareAcquireMode.BatchOptimized,
            MaxPollRecords = atOnce,
        }));
        consumer.OnAcknowledged = outcome =>
        {
            if (outcome.Error is { } error)
            {
                context.Complain(
                    $"{outcome.Partition}: {outcome.Offsets.Count} records were printed and come again: "
                    + error.Message);
            }
        };
        consumer.Subscribe(topic);
        try
        {
            await PrintAsync(consumer, mostRecords, printer, cancellation);
        }
        finally
        {
            await consumer.CommitAsync(CancellationToken.None);
        }
    }

    private static async Task PrintAsync(
        KafkaShareConsumer consumer, long left, RecordPrinter printer, CancellationToken cancellation)
    {
        while (left > 0)
        {
            IReadOnlyList<ConsumerRecord> records = await consumer.PollAsync(PollTime, cancellation);
            int count = (int)Math.Min(records.Count, left);
            foreach (ConsumerRecord record in records.Take(count))
            {
                printer.Print(new PrintedRecord(record));
            }

            await printer.FlushAsync(cancellation);
            for (int i = 0; i < records.Count; i++)
            {
                consumer.Acknowledge(records[i], i < count ? AcknowledgeType.Accept : AcknowledgeType.Release);
            }

            left -= count;
        }
    }
}
