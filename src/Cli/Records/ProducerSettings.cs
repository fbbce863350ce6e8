using System.CommandLine;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Cli.Records;

/// <summary>The options that say how records are sent.</summary>
internal sealed class ProducerSettings
{
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

    public ProducerSettings()
    {
        _acks.CompletionSources.Add("all", "1", "0");
        _compression.CompletionSources.Add("none", "gzip", "snappy", "lz4", "zstd");
    }

    public void AddTo(Command command)
    {
        command.Add(_acks);
        command.Add(_compression);
        command.Add(_linger);
        command.Add(_batch);
        command.Add(_notIdempotent);
    }

    /// <summary>What was given; a record may wait for its topic as long as any call may take.</summary>
    public ProducerOptions Connect(ToolContext context)
    {
        Acks acks = context.Value(_acks) switch
        {
            "all" or "-1" => Acks.All,
            "1" => Acks.Leader,
            "0" => Acks.None,
            var other => throw new ArgumentException($"--acks is all, 1 or 0, not '{other}'"),
        };
        if (!PayloadCodecs.TryParseName(context.Value(_compression), out CompressionCodec codec))
        {
            throw new ArgumentException("--compression is none, gzip, snappy, lz4 or zstd");
        }

        ProducerOptions options = context.Connect(new ProducerOptions
        {
            Acks = acks,
            Compression = codec,
            EnableIdempotence = acks == Acks.All ? !context.Value(_notIdempotent) : false,
            Linger = TimeSpan.FromMilliseconds(context.Value(_linger)),
            BatchSize = context.Value(_batch),
        });
        return options with { MaxBlock = options.ApiTimeout };
    }
}
