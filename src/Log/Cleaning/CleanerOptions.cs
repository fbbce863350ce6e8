namespace KRaftSharp.Log.Cleaning;

/// <summary>The log.cleaner.* configs of a broker; defaults are Kafka's. All may change while it runs.</summary>
public sealed record CleanerOptions
{
    /// <summary>log.cleaner.enable: without, no log is compacted.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>log.cleaner.threads: how many logs are cleaned at once.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>log.cleaner.dedupe.buffer.size: memory of the offset maps of all threads together, in bytes.</summary>
    public long DedupeBufferBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>log.cleaner.io.buffer.load.factor: how full an offset map gets.</summary>
    public double LoadFactor { get; init; } = 0.9;

    /// <summary>log.cleaner.io.buffer.size: bytes read and written at a time, of all threads together.</summary>
    public int IoBufferBytes { get; init; } = 512 * 1024;

    /// <summary>log.cleaner.io.max.bytes.per.second: reads and writes of all threads together.</summary>
    public double MaxBytesPerSecond { get; init; } = double.MaxValue;

    /// <summary>log.cleaner.backoff.ms: the pause when there is nothing to clean.</summary>
    public long BackoffMs { get; init; } = 15_000;
}
