using System.Globalization;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Checkpoints;

/// <summary>A file with one offset a partition: recovery points, log starts or high watermarks.</summary>
public static class OffsetCheckpoint
{
    public const string RecoveryPoints = "recovery-point-offset-checkpoint";
    public const string LogStarts = "log-start-offset-checkpoint";
    public const string CleanedTo = "cleaner-offset-checkpoint";
    public const string HighWatermarks = "replication-offset-checkpoint";

    private const int Fields = 3;

    /// <summary>What the file says; nothing when there is none or it makes no sense.</summary>
    public static Dictionary<TopicPartition, long> Read(IStorage storage, string directory, string name)
    {
        Dictionary<TopicPartition, long> offsets = [];
        foreach (string[] entry in CheckpointText.TryRead(storage, $"{directory}/{name}", Fields) ?? [])
        {
            if (int.TryParse(entry[1], NumberStyles.None, CultureInfo.InvariantCulture, out int partition)
                && long.TryParse(entry[2], NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
            {
                offsets[new TopicPartition(entry[0], partition)] = offset;
            }
        }

        return offsets;
    }

    public static void Write(
        IStorage storage,
        string directory,
        string name,
        IReadOnlyCollection<KeyValuePair<TopicPartition, long>> offsets,
        bool isDurable = true) =>
        storage.WriteAtomically(
            $"{directory}/{name}",
            CheckpointText.Format(offsets, static (text, entry) => text.Append(
                CultureInfo.InvariantCulture, $"{entry.Key.Topic} {entry.Key.Partition} {entry.Value}")),
            isDurable);
}
