using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli;

/// <summary><c>produce</c>: every line of the input is a record.</summary>
internal sealed class ProduceCommand
{
    private readonly Argument<string> _topic = new("topic") { Description = "The topic's name" };

    private readonly Option<string?> _separator = new("--key-separator", "-k")
    {
        Description = "What stands between key and value of a line (\\t for a tab); without it lines have no key",
        HelpName = "text",
    };

    private readonly Option<string> _acks = new("--acks")
    {
        Description = "Replicas that must have a record: all, 1 or 0",
        DefaultValueFactory = _ => "all",
    };

    private readonly Option<string> _compression = new("--compression", "-z")
    {
        Description = "none, gzip, snappy, lz4 or zstd",
        DefaultValueFactory = _ => "none",
    };

    private readonly Option<int?> _partition = new("--partition", "-p")
    {
        Description = "The partition of all records",
    };

    private readonly Option<string[]> _headers = new("--header", "-H")
    {
        Description = "A header of all records, key=value; repeatable",
    };

    private readonly Option<int> _linger = new("--linger-ms")
    {
        Description = "How long a batch waits for more records",
        DefaultValueFactory = _ => 5,
    };

    private readonly Option<int> _batch = new("--batch-size")
    {
        Description = "Bytes of a full batch",
        DefaultValueFactory = _ => 64 * 1024,
    };

    private readonly Option<bool> _notIdempotent = new("--no-idempotence")
    {
        Description = "Without producer id and sequences: a repeated batch may be written twice",
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "No summary" };

    private readonly ConnectionOptions _connection = new();
    private KafkaException? _firstError;
    private long _acknowledged;
    private long _failed;

    public static Command Create()
    {
        ProduceCommand produce = new();
        Command command = new("produce", "Send the lines of the standard input as records")
        {
            produce._topic, produce._separator, produce._acks, produce._compression, produce._partition,
            produce._headers, produce._linger, produce._batch, produce._notIdempotent, produce._quiet,
        };
        produce._connection.AddTo(command);
        command.Run(produce.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        long startedAt = Stopwatch.GetTimestamp();
        long bytes = 0;
        await using (KafkaProducer producer = KafkaProducer.Create(Options(arguments)))
        {
            bytes = await SendAllAsync(producer, arguments, cancellation);
            await producer.FlushAsync(cancellation);
        }

        if (!arguments.GetValue(_quiet))
        {
            Summarise(Stopwatch.GetElapsedTime(startedAt), bytes);
        }

        return _firstError is null ? 0 : throw _firstError;
    }

    private async Task<long> SendAllAsync(
        KafkaProducer producer, ParseResult arguments, CancellationToken cancellation)
    {
        byte[]? separator = arguments.GetValue(_separator) is { Length: > 0 } text
            ? Encoding.UTF8.GetBytes(text.Replace("\\t", "\t", StringComparison.Ordinal))
            : null;
        RecordHeader[] headers =
        [
            .. KeyValueOption.Parse(arguments.GetValue(_headers)).Select(
                pair => new RecordHeader(pair.Key, Encoding.UTF8.GetBytes(pair.Value))),
        ];
        ProducerRecord template = new()
        {
            Topic = arguments.GetRequiredValue(_topic),
            Partition = arguments.GetValue(_partition),
            Headers = headers.Length > 0 ? headers : null,
        };
        Action<RecordMetadata, KafkaException?> onDone = Count;
        await using Stream input = Console.OpenStandardInput();
        LineReader lines = new(input);
        long bytes = 0;
        while (await lines.ReadAsync(cancellation) is { } line)
        {
            int at = separator is null ? -1 : line.Span.IndexOf(separator);
            ProducerRecord record = at < 0
                ? template with { Value = line }
                : template with { Key = line[..at], Value = line[(at + separator!.Length)..] };
            bytes += line.Length;
            await producer.PostAsync(record, onDone, cancellation);
        }

        return bytes;
    }

    private ProducerOptions Options(ParseResult arguments)
    {
        Acks acks = arguments.GetValue(_acks) switch
        {
            "all" or "-1" => Acks.All,
            "1" => Acks.Leader,
            "0" => Acks.None,
            var other => throw new ArgumentException($"--acks is all, 1 or 0, not '{other}'"),
        };
        if (!PayloadCodecs.TryParseName(arguments.GetValue(_compression), out CompressionCodec codec))
        {
            throw new ArgumentException("--compression is none, gzip, snappy, lz4 or zstd");
        }

        return _connection.Apply(arguments, new ProducerOptions
        {
            Acks = acks,
            Compression = codec,
            EnableIdempotence = acks == Acks.All ? !arguments.GetValue(_notIdempotent) : false,
            Linger = TimeSpan.FromMilliseconds(arguments.GetValue(_linger)),
            BatchSize = arguments.GetValue(_batch),
        });
    }

    // On the sender's thread, one call at a time.
    private void Count(RecordMetadata where, KafkaException? error)
    {
        if (error is null)
        {
            _acknowledged++;
        }
        else
        {
            _failed++;
            _firstError ??= error;
        }
    }

    private void Summarise(TimeSpan time, long bytes)
    {
        double seconds = Math.Max(time.TotalSeconds, 0.000001);
        string failures = _failed > 0 ? $", {_failed} failed" : "";
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_acknowledged} records ({bytes / 1e6:0.00} MB) in {seconds:0.00} s: "
            + $"{_acknowledged / seconds:0} records/s, {bytes / 1e6 / seconds:0.0} MB/s{failures}"));
    }
}
