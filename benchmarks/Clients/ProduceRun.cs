using System.Diagnostics;
using System.Globalization;

namespace KRaftSharp.Benchmarks.Clients;

/// <summary>One measured run of one producer: records a second, and this process's CPU microseconds a record as the
/// operating system counts them.</summary>
internal static class ProduceRun
{
    public const int BatchBytes = 64 * 1024;
    public const int LingerMs = 5;
    public const int BufferBytes = 64 * 1024 * 1024;

    /// <summary>produce ours|confluent SERVERS TOPIC RECORDS BYTES 1|all post|await; prints "records/s
    /// cpu-us".</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var client, var servers, var topic, var count, var size, var acks, var mode]
            || !int.TryParse(count, CultureInfo.InvariantCulture, out int records)
            || !int.TryParse(size, CultureInfo.InvariantCulture, out int bytes))
        {
            await Console.Error.WriteLineAsync(
                "produce ours|confluent SERVERS TOPIC RECORDS BYTES 1|all post|await");
            return 2;
        }

        await using IProduceClient producer = client == "ours"
            ? new OwnProduceClient(servers, topic, bytes, acks == "all", mode == "await")
            : new ConfluentProduceClient(servers, topic, bytes, acks == "all", mode == "await");
        await producer.SendAsync(Math.Max(records / 4, 10_000)); // what the compiler needs to see, and the connections
        using Process process = Process.GetCurrentProcess();
        TimeSpan cpu = process.TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        await producer.SendAsync(records);
        TimeSpan took = watch.Elapsed;
        process.Refresh();
        double cpuUs = (process.TotalProcessorTime - cpu).TotalMicroseconds / records;
        await Console.Out.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{records / took.TotalSeconds:F0} {cpuUs:F3}"));
        return 0;
    }

    /// <summary>Bytes that do not compress, the same in every run.</summary>
    public static byte[] Payload(int bytes)
    {
        byte[] payload = new byte[bytes];
        new Random(7).NextBytes(payload);
        return payload;
    }
}
