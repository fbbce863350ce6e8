using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli.Records;

/// <summary><c>produce</c>: every line of the input is a record.</summary>
internal sealed class ProduceCommand
{
    private readonly Argument<string> _topic = new("topic") { Description = "The topic's name" };

    private readonly Option<FileInfo?> _file = new("--file", "-F")
    {
        Description = "Read this file (.gz too) instead of the standard input",
    };

    private readonly Option<RecordEncoding> _format = new("--format", "-f")
    {
        Description = "What a line is: string; json, as consume --format json prints it; hex; msgpack, JSON whose "
            + "value is sent as MessagePack",
    };

    private readonly Option<string?> _separator = new("--key-separator", "-k")
    {
        Description = "What stands between key and value of a line (\\t for a tab); without it lines have no key",
        HelpName = "text",
    };

    private readonly Option<int?> _partition = new("--partition", "-p")
    {
        Description = "The partition of all records",
    };

    private readonly Option<string[]> _headers = new("--header", "-H")
    {
        Description = "A header of all records, key=value; repeatable",
    };

    private readonly ProducerSettings _settings = new();

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "No summary" };

    public static Command Create(ClusterOptions options)
    {
        ProduceCommand produce = new();
        Command command = new("produce", "Send the lines of the standard input, or of a file, as records")
        {
            produce._topic, produce._file, produce._format, produce._separator, produce._partition, produce._headers,
            produce._quiet,
        };
        produce._settings.AddTo(command);
        produce._topic.CompleteWith(Completions.Topics(options));
        options.AddTo(command);
        command.Run(options, produce.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ToolContext context, CancellationToken cancellation)
    {
        Delivery delivery = new();
        await using (Stream input = Open(context, out Func<(long Read, long Total)> position))
        await using (KafkaProducer producer = KafkaProducer.Create(_settings.Connect(context)))
        {
            using ProgressLine progress = new(context.Configuration);
            await SendAllAsync(context, producer, input, delivery, () =>
            {
                (long read, long total) = position();
                progress.Update(read, total, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Quantities.Count(delivery.Acknowledged)} records, "
                    + $"{Quantities.Bytes(delivery.BytesPerSecond)}/s"));
            }, cancellation);
        }

        if (context.Screen.IsJson)
        {
            context.Screen.Show(delivery.Summary(context.Required(_topic)));
        }
        else if (!context.Value(_quiet))
        {
            await context.Configuration.Error.WriteLineAsync(delivery.ToString());
        }

        return delivery.FirstError is null ? 0 : throw delivery.FirstError;
    }

    private async Task SendAllAsync(
        ToolContext context, KafkaProducer producer, Stream input, Delivery delivery, Action tick,
        CancellationToken cancellation)
    {
        RecordHeader[] headers =
        [
            .. KeyValueOption.Parse(context.Value(_headers)).Select(
                pair => new RecordHeader(pair.Key, Encoding.UTF8.GetBytes(pair.Value))),
        ];
        ProducerRecord template = new()
        {
            Topic = context.Required(_topic),
            Partition = context.Value(_partition),
            Headers = headers.Length > 0 ? headers : null,
        };
        RecordParser parser = RecordParser.For(context.Value(_format), context.Value(_separator));
        Action<RecordMetadata, KafkaException?> onDone = delivery.Count;
        LineReader lines = new(input);
        while (await lines.ReadAsync(cancellation) is { } line)
        {
            delivery.Lines++;
            ProducerRecord record;
            try
            {
                record = parser.Parse(line, template);
            }
            catch (FormatException error)
            {
                throw new FormatException($"line {delivery.Lines}: {error.Message}", error);
            }

            delivery.Bytes += record.Key.GetValueOrDefault().Length + record.Value.GetValueOrDefault().Length;
            await producer.PostAsync(record, onDone, cancellation);
            tick();
        }

        await producer.FlushAsync(cancellation);
    }

    private Stream Open(ToolContext context, out Func<(long Read, long Total)> position)
    {
        if (context.Value(_file) is not { } file)
        {
            position = static () => (0, 0);
            return context.Configuration.InputStream;
        }

        FileStream raw = file.OpenRead();
        position = () => (raw.Position, raw.Length);
        return file.Extension == ".gz" ? new GZipStream(raw, CompressionMode.Decompress) : raw;
    }
}
