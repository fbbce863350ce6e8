using System.Globalization;

namespace KRaftSharp.Log.Segments;

/// <summary>How Kafka names the files of a log.</summary>
internal static class SegmentFiles
{
    public const string Log = ".log";
    public const string OffsetIndex = ".index";
    public const string TimeIndex = ".timeindex";
    public const string TransactionIndex = ".txnindex";
    public const string ProducerSnapshot = ".snapshot";
    public const string Deleted = ".deleted";
    public const string Cleaned = ".cleaned";
    public const string Swap = ".swap";
    public const string Temporary = ".tmp";
    public const string LeaderEpochCheckpoint = "leader-epoch-checkpoint";
    public const string PartitionMetadata = "partition.metadata";
    public const string DeleteDirectorySuffix = "-delete";
    public const string FutureDirectorySuffix = "-future";

    private const int OffsetDigits = 20;

    public static string Path(string directory, long baseOffset, string suffix) =>
        string.Create(CultureInfo.InvariantCulture, $"{directory}/{baseOffset:D20}{suffix}");

    public static string Path(string directory, string name) => $"{directory}/{name}";

    /// <summary>The offset in a name such as 00000000000000000042.log; false for other names.</summary>
    public static bool TryParse(string name, string suffix, out long offset)
    {
        offset = 0;
        return name.Length == OffsetDigits + suffix.Length
            && name.EndsWith(suffix, StringComparison.Ordinal)
            && long.TryParse(
                name.AsSpan(0, OffsetDigits), NumberStyles.None, CultureInfo.InvariantCulture, out offset);
    }
}
