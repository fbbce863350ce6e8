using System.CommandLine;
using System.Globalization;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli.Records;

/// <summary><c>consume</c>: prints the records of a topic, of all its partitions or of some.</summary>
internal sealed class ConsumeCommand
{
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
        Description = "json, hex, string, msgpack (values as JSON), or text with %s value, %x value in "
            + "hexadecimal, %k key, %t topic, %p partition, %o offset, %T timestamp, %h headers, %S and %K lengths, "
            + "%d deliveries, \\n, \\t",
        DefaultValueFactory = _ => RecordFormat.Default,
    };

    private readonly Option<string> _isolation = new("--isolation-level")
    {
        Description = "read_committed leaves out what was aborted and waits for what is open",
        DefaultValueFactory = _ => "read_uncommitted",
    };

    private readonly Option<string?> _group = new("--group", "-g")
    {
        Description = "Read as a member of this group, which keeps what was read",
    };

    private readonly Option<GroupProtocol> _protocol = new("--group-protocol")
    {
        Description = "How the group is kept: classic, or consumer (KIP-848)",
        HelpName = "classic|consumer",
    };

    private readonly Option<string?> _shareGroup = new("--share-group", "-s")
    {
        Description = "Take records as a member of this share group, which gives each to one member (KIP-932)",
    };

    public static Command Create(ClusterOptions options)
    {
        ConsumeCommand consume = new();
        Command command = new("consume", "Print the records of a topic")
        {
            consume._topic, consume._partitions, consume._fromBeginning, consume._offset, consume._maxMessages,
            consume._untilEnd, consume._format, consume._isolation, consume._group, consume._protocol,
            consume._shareGroup,
        };
        consume._isolation.AcceptOnlyFromAmong("read_committed", "read_uncommitted");
        consume._protocol.CompletionSources.Clear(); // names of the enumeration, which would come twice
        consume._protocol.CompletionSources.Add("classic", "consumer");
        consume._topic.CompleteWith(Completions.Topics(options));
        options.AddTo(command);
        command.Run(options, consume.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ToolContext context, CancellationToken cancellation)
    {
        Check(context);
        string format = context.Screen.IsJson ? RecordPrinter.Json : context.Value(_format)!;
        await using RecordPrinter printer = new(format, context.Configuration.OutputStream);
        try
        {
            if (context.Value(_shareGroup) is { } shareGroup)
            {
                await ShareReading.RunAsync(
                    context, context.Required(_topic), shareGroup, context.Value(_maxMessages), printer, cancellation);
            }
            else
            {
                await ReadAsync(context, printer, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how reading without an end is ended.
        }

        return 0;
    }

    /// <exception cref="ArgumentException">What was asked for goes not together.</exception>
    private void Check(ToolContext context)
    {
        bool hasGroup = context.Value(_group) is not null;
        bool isShared = context.Value(_shareGroup) is not null;
        string? wrong =
            hasGroup && isShared ? "--group and --share-group are two ways to read"
            : (hasGroup || isShared) && context.Value(_partitions) is { Length: > 0 }
                ? "--partition is for reading without a group, which assigns partitions itself"
            : (hasGroup || isShared) && context.Value(_offset) is not null
                ? "--offset is for reading without a group; 'groups reset-offsets' moves a group"
            : isShared && context.Value(_fromBeginning)
                ? "--from-beginning: where a share group begins is its own configuration, "
                    + "share.auto.offset.reset of 'configs alter'"
            : isShared && context.Value(_untilEnd) ? "--until-end: a share group knows no end; use --max-messages"
            : !hasGroup && context.Arguments.GetResult(_protocol) is { Implicit: false }
                ? "--group-protocol is for --group"
            : null;
        if (wrong is not null)
        {
            throw new ArgumentException(wrong);
        }
    }

    private async Task ReadAsync(ToolContext context, RecordPrinter printer, CancellationToken cancellation)
    {
        string? group = context.Value(_group);
        await using KafkaConsumer consumer = KafkaConsumer.Create(context.Connect(new ConsumerOptions
        {
            GroupId = group,
            GroupProtocol = context.Value(_protocol),
            IsolationLevel = context.Value(_isolation) == "read_committed"
                ? IsolationLevel.ReadCommitted
                : IsolationLevel.ReadUncommitted,
            OffsetReset = context.Value(_fromBeginning) || context.Value(_offset) is not null
                ? OffsetReset.Earliest
                : OffsetReset.Latest,
        }));
        List<TopicPartition> partitions = await PartitionsAsync(consumer, context, cancellation);
        Dictionary<TopicPartition, long> ends = [];
        if (context.Value(_untilEnd))
        {
            foreach ((TopicPartition partition, OffsetAndTimestamp end) in await consumer.EndOffsetsAsync(
                partitions, cancellation))
            {
                ends.Add(partition, end.Offset);
            }
        }

        if (group is not null)
        {
            consumer.Subscribe(context.Required(_topic));
        }
        else
        {
            consumer.Assign(partitions);
            await SeekAsync(consumer, partitions, context, cancellation);
        }

        await PrintAsync(consumer, ends, context, printer, cancellation);
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
        KafkaConsumer consumer, Dictionary<TopicPartition, long> ends, ToolContext context, RecordPrinter printer,
        CancellationToken cancellation)
    {
        bool untilEnd = context.Value(_untilEnd);
        long left = context.Value(_maxMessages);
        while (left > 0 && !(untilEnd && IsAtEnd(consumer, ends)))
        {
            using FetchedRecords fetched = await consumer.PollAsync(PollTime, cancellation);
            foreach (PartitionRecords records in fetched.Partitions)
            {
                long end = untilEnd ? ends[records.Partition] : long.MaxValue;
                (long count, long next) = Print(records, end, left, printer);
                left -= count;
                if (next < records.NextOffset)
                {
                    consumer.Seek(records.Partition, next); // what was not printed is not committed
                }
            }

            await printer.FlushAsync(cancellation);
        }
    }

    /// <summary>Of a group, this member has come to the end of its part.</summary>
    private static bool IsAtEnd(KafkaConsumer consumer, Dictionary<TopicPartition, long> ends) =>
        consumer.Assigned.Count > 0
        && consumer.Assigned.All(partition => consumer.Position(partition) >= ends[partition]);

    private static (long Count, long Next) Print(
        PartitionRecords records, long end, long most, RecordPrinter printer)
    {
        long count = 0;
        foreach (RecordView record in records)
        {
            if (count == most || record.Offset >= end)
            {
                return (count, record.Offset);
            }

            count++;
            printer.Print(new PrintedRecord(records.Partition, record));
        }

        return (count, records.NextOffset);
    }
}
