using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli.Records;

/// <summary><c>consume</c>: prints the records of a topic, of all its partitions or of some.</summary>
internal sealed class ConsumeCommand
{
    private const int FlushBytes = 64 * 1024;
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(500);

    private readonly Argument<string> _topic = new("topic") { Description = "The topic's name" };

    private readonly Option<int[]> _partitions = new("--partition", "-p")
    {
        Description = "Only this partition; repeatable",
    };

    private readonly Option<bool> _fromBeginning = new("--from-beginning")
    {
        Description = "Start at the log's start, not at its end",
    };

    private readonly Option<string?> _offset = new("--offset", "-o")
    {
        Description = "Start at this offset, that many before the end (-N), or at a time (@milliseconds, @2026-01-31)",
    };

    private readonly Option<long> _maxMessages = new("--max-messages", "-n")
    {
        Description = "Stop after so many records",
        DefaultValueFactory = _ => long.MaxValue,
    };

    private readonly Option<bool> _untilEnd = new("--until-end", "-e")
    {
        Description = "Stop at the end that every partition has now",
    };

    private readonly Option<string> _format = new("--format", "-f")
    {
        Description = "json, hex, string, or text with %s value, %x value in hexadecimal, %k key, "
            + "%t topic, %p partition, %o offset, %T timestamp, %h headers, %S and %K lengths, \\n, \\t",
        DefaultValueFactory = _ => RecordFormat.Default,
    };

    public static Command Create(ClusterOptions options)
    {
        ConsumeCommand consume = new();
        Command command = new("consume", "Print the records of a topic")
        {
            consume._topic, consume._partitions, consume._fromBeginning, consume._offset, consume._maxMessages,
            consume._untilEnd, consume._format,
        };
        consume._topic.CompleteWith(Completions.Topics(options));
        options.AddTo(command);
        command.Run(options, consume.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ToolContext context, CancellationToken cancellation)
    {
        await using KafkaConsumer consumer = KafkaConsumer.Create(context.Connect(new ConsumerOptions
        {
            OffsetReset = context.Value(_fromBeginning) || context.Value(_offset) is not null
                ? OffsetReset.Earliest
                : OffsetReset.Latest,
        }));
        List<TopicPartition> partitions = await PartitionsAsync(consumer, context, cancellation);
        consumer.Assign(partitions);
        Dictionary<TopicPartition, long> ends = [];
        if (context.Value(_untilEnd))
        {
            foreach ((TopicPartition partition, OffsetAndTimestamp end) in await consumer.EndOffsetsAsync(
                partitions, cancellation))
            {
                ends.Add(partition, end.Offset);
            }
        }

        await SeekAsync(consumer, partitions, context, cancellation);
        Stream output = context.Configuration.OutputStream;
        try
        {
            await PrintAsync(consumer, ends, context, output, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how reading without an end is ended.
        }

        return 0;
    }

    private async Task<List<TopicPartition>> PartitionsAsync(
        KafkaConsumer consumer, ToolContext context, CancellationToken cancellation)
    {
        TopicView topic = await consumer.TopicAsync(context.Required(_topic), cancellation);
        int[] wanted = context.Value(_partitions) is { Length: > 0 } given
            ? given
            : [.. Enumerable.Range(0, topic.Partitions.Count)];
        foreach (int partition in wanted)
        {
            if (topic.Find(partition) is null)
            {
                throw new ArgumentException(
                    $"topic {topic.Name} has partitions 0 to {topic.Partitions.Count - 1}, not {partition}");
            }
        }

        return [.. wanted.Distinct().Select(partition => new TopicPartition(topic.Name, partition))];
    }

    private async Task SeekAsync(
        KafkaConsumer consumer, List<TopicPartition> partitions, ToolContext context, CancellationToken cancellation)
    {
        string? offset = context.Value(_offset);
        if (offset is null)
        {
            return;
        }

        if (offset.StartsWith('@'))
        {
            DateTimeOffset time = Quantities.ParseTime(offset[1..]);
            partitions.ForEach(partition => consumer.SeekToTime(partition, time));
            return;
        }

        if (!long.TryParse(offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            throw new ArgumentException($"--offset is a number or @time, not '{offset}'");
        }

        if (number >= 0)
        {
            partitions.ForEach(partition => consumer.Seek(partition, number));
            return;
        }

        IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp> starts =
            await consumer.BeginningOffsetsAsync(partitions, cancellation);
        foreach ((TopicPartition partition, OffsetAndTimestamp end) in await consumer.EndOffsetsAsync(
            partitions, cancellation))
        {
            consumer.Seek(partition, Math.Max(end.Offset + number, starts[partition].Offset));
        }
    }

    private async Task PrintAsync(
        KafkaConsumer consumer, Dictionary<TopicPartition, long> ends, ToolContext context, Stream output,
        CancellationToken cancellation)
    {
        bool untilEnd = context.Value(_untilEnd);
        long left = context.Value(_maxMessages);
        string format = context.Screen.IsJson ? RecordFormat.Json : context.Value(_format)!;
        RecordFormat? text = format == RecordFormat.Json ? null : new RecordFormat(format);
        using PooledBytes line = new(2 * FlushBytes);
        await using Utf8JsonWriter json = new(
            line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        while (left > 0 && !(untilEnd && ends.All(end => consumer.Position(end.Key) >= end.Value)))
        {
            using FetchedRecords fetched = await consumer.PollAsync(PollTime, cancellation);
            foreach (PartitionRecords records in fetched.Partitions)
            {
                long end = untilEnd ? ends[records.Partition] : long.MaxValue;
                left -= Write(records, end, left, text, json, line, output);
            }

            output.Write(line.WrittenSpan);
            line.Clear();
            await output.FlushAsync(cancellation);
        }
    }

    private static long Write(
        PartitionRecords records, long end, long most, RecordFormat? text, Utf8JsonWriter json, PooledBytes line,
        Stream output)
    {
        long count = 0;
        foreach (RecordView record in records)
        {
            if (count == most || record.Offset >= end)
            {
                break;
            }

            count++;
            if (text is not null)
            {
                text.Write(line, records.Partition, record);
            }
            else
            {
                JsonRecordFormat.Write(json, line, records.Partition, record);
            }

            if (line.Length >= FlushBytes)
            {
                output.Write(line.WrittenSpan);
                line.Clear();
            }
        }

        return count;
    }
}
