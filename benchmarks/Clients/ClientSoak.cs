using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Benchmarks.Clients;

/// <summary>Producers of every kind and groups whose members come and go, for scripts/client-soak.sh, which kills
/// brokers meanwhile: each way to send, each acks, each compression has a topic of its own.</summary>
internal sealed class ClientSoak(string servers, TimeSpan time, string[] lines)
{
    private const int LinesAtATime = 200;
    private static readonly TimeSpan SettleTime = TimeSpan.FromMinutes(3);
    private static readonly string[] Ways = ["post", "await", "sync"];

    private readonly SortedDictionary<string, SoakLedger> _ledgers = new(StringComparer.Ordinal);
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _number;
    private int _members;

    private bool IsOver => Stopwatch.GetElapsedTime(_startedAt) > time;

    /// <summary>soak SERVERS SECONDS FILE: FILE holds key, tab, value; gzip.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var servers, var seconds, var file]
            || !int.TryParse(seconds, CultureInfo.InvariantCulture, out int most))
        {
            await Console.Error.WriteLineAsync("soak SERVERS SECONDS FILE.tsv.gz");
            return 2;
        }

        List<string> lines = [];
        using (StreamReader reader = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress)))
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lines.Add(line);
            }
        }

        return await new ClientSoak(servers, TimeSpan.FromSeconds(most), [.. lines]).RunAsync();
    }

    private async Task<int> RunAsync()
    {
        await using (KafkaAdmin admin = KafkaAdmin.Create(new() { BootstrapServers = servers }))
        {
            foreach (string way in Ways)
            {
                foreach (Acks acks in Enum.GetValues<Acks>())
                {
                    foreach (CompressionCodec codec in Enum.GetValues<CompressionCodec>())
                    {
                        string topic = $"soak-{way}-{acks}-{codec}".ToLowerInvariant();
                        await admin.Topics.CreateAsync(new NewTopic(topic) { Partitions = 2, ReplicationFactor = 3 });
                        _ledgers.Add(topic, new SoakLedger(acks));
                    }
                }
            }
        }

        using CancellationTokenSource stop = new();
        Task[] groups = [.. ((string[])["classic", "consumer"]).Select(group => GroupAsync(group, stop.Token))];
        await Task.WhenAll(Ways.SelectMany(way => Enum.GetValues<Acks>().Select(acks => ProduceAsync(way, acks))));
        Console.WriteLine($"sent {_number} records; waiting until the groups have read them");
        long settles = Stopwatch.GetTimestamp();
        while (Left() > 0 && Stopwatch.GetElapsedTime(settles) < SettleTime)
        {
            await Task.Delay(500);
        }

        await stop.CancelAsync();
        await Task.WhenAll(groups);
        return Report();
    }

    /// <summary>Acknowledged by all replicas in sync and not read by both groups.</summary>
    private long Left() => _ledgers.Values.Where(ledger => ledger.Acks == Acks.All).Sum(
        ledger => ledger.Missing("classic") + ledger.Missing("consumer"));

    private async Task ProduceAsync(string way, Acks acks)
    {
        (CompressionCodec Codec, KafkaProducer Producer)[] producers =
            [.. Enum.GetValues<CompressionCodec>().Select(codec => (codec, Producer(acks, codec)))];
        for (int at = 0; !IsOver; at = (at + LinesAtATime) % lines.Length)
        {
            foreach ((CompressionCodec codec, KafkaProducer producer) in producers)
            {
                string topic = $"soak-{way}-{acks}-{codec}".ToLowerInvariant();
                await SendAsync(producer, way, topic, lines.AsMemory(at, Math.Min(LinesAtATime, lines.Length - at)));
            }
        }

        foreach ((_, KafkaProducer producer) in producers)
        {
            await producer.DisposeAsync();
        }
    }

    private async Task SendAsync(KafkaProducer producer, string way, string topic, ReadOnlyMemory<string> some)
    {
        SoakLedger ledger = _ledgers[topic];
        List<Task> awaited = [];
        for (int i = 0; i < some.Length; i++)
        {
            string[] parts = some.Span[i].Split('\t', 2);
            long number = Interlocked.Increment(ref _number);
            ProducerRecord record = new()
            {
                Topic = topic,
                Key = Encoding.UTF8.GetBytes(parts[0]),
                Value = SoakLedger.ValueOf(number, parts[1]),
            };
            switch (way)
            {
                case "post":
                    await producer.PostAsync(record, (_, error) => ledger.Done(number, error));
                    break;
                case "await":
                    awaited.Add(AwaitAsync(producer.SendAsync(record), ledger, number));
                    break;
                case "sync" when i % 10 == 0: // each waits for its answer: few of them
                    await Task.Run(() => Send(producer, record, ledger, number));
                    break;
            }
        }

        await Task.WhenAll(awaited);
        await producer.FlushAsync();
    }

    private static async Task AwaitAsync(ValueTask<RecordMetadata> sending, SoakLedger ledger, long number)
    {
        try
        {
            await sending;
            ledger.Done(number, null);
        }
        catch (KafkaException error)
        {
            ledger.Done(number, error);
        }
    }

    private static void Send(KafkaProducer producer, ProducerRecord record, SoakLedger ledger, long number)
    {
        try
        {
            producer.Send(record);
            ledger.Done(number, null);
        }
        catch (KafkaException error)
        {
            ledger.Done(number, error);
        }
    }

    private KafkaProducer Producer(Acks acks, CompressionCodec codec) => KafkaProducer.Create(new()
    {
        BootstrapServers = servers,
        Acks = acks,
        Compression = codec,
    });

    /// <summary>Two members that stay, and one that comes and goes.</summary>
    private async Task GroupAsync(string group, CancellationToken stop)
    {
        Task[] steady = [MemberAsync(group, stop), MemberAsync(group, stop)];
        while (!stop.IsCancellationRequested)
        {
            using CancellationTokenSource guest = CancellationTokenSource.CreateLinkedTokenSource(stop);
            guest.CancelAfter(TimeSpan.FromSeconds(8));
            await MemberAsync(group, guest.Token);
        }

        await Task.WhenAll(steady);
    }

    private async Task MemberAsync(string group, CancellationToken stop)
    {
        Interlocked.Increment(ref _members);
        await using KafkaConsumer consumer = KafkaConsumer.Create(new ConsumerOptions
        {
            BootstrapServers = servers,
            GroupId = group,
            GroupProtocol = group == "consumer" ? GroupProtocol.Consumer : GroupProtocol.Classic,
            Assignors = [PartitionAssignors.CooperativeSticky],
            OffsetReset = OffsetReset.Earliest,
            AutoCommitInterval = TimeSpan.FromSeconds(1),
            SessionTimeout = TimeSpan.FromSeconds(6),
            HeartbeatInterval = TimeSpan.FromSeconds(1),
        });
        consumer.Subscribe(_ledgers.Keys);
        try
        {
            await foreach (ConsumerRecord record in consumer.ReadAsync(stop))
            {
                _ledgers[record.Topic].Read(group, record);
            }
        }
        catch (OperationCanceledException)
        {
            // It goes.
        }
    }

    private int Report()
    {
        bool isWell = true;
        foreach (IGrouping<Acks, SoakLedger> kind in _ledgers.Values.GroupBy(ledger => ledger.Acks).OrderBy(
            kind => kind.Key))
        {
            string[] groups = ["classic", "consumer"];
            long missing = kind.Sum(ledger => groups.Sum(ledger.Missing));
            long twice = kind.Sum(ledger => groups.Sum(ledger.Twice));
            long outOfOrder = kind.Sum(ledger => groups.Sum(ledger.OutOfOrder));
            bool mustBeWell = kind.Key == Acks.All;
            isWell &= !mustBeWell || (missing + twice + outOfOrder == 0 && kind.All(ledger => ledger.Acknowledged > 0));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"acks {kind.Key,-6}: {kind.Sum(ledger => ledger.Acknowledged)} acknowledged, "
                + $"{kind.Sum(ledger => ledger.Failed)} given up, {missing} not read, {twice} twice, "
                + $"{outOfOrder} out of order{(mustBeWell ? "" : " (without replicas and idempotence this may be)")}"));
        }

        Console.WriteLine($"{_ledgers.Count} topics, {_members} members came and went: {(isWell ? "well" : "BROKEN")}");
        return isWell ? 0 : 1;
    }
}
