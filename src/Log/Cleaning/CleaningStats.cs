namespace KRaftSharp.Log.Cleaning;

/// <summary>What one cleaning did.</summary>
public sealed record CleaningStats(TopicPartition Partition)
{
    /// <summary>Bytes read to build the offset map.</summary>
    public long MapBytes { get; set; }

    public long BytesRead { get; set; }

    public long BytesWritten { get; set; }

    /// <summary>How full the offset map was, 0 to 1.</summary>
    public double MapUtilization { get; set; }

    /// <summary>The first offset not looked at.</summary>
    public long EndOffset { get; set; }

    public long DurationMs { get; set; }
}
