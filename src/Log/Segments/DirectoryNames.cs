using System.Globalization;

namespace KRaftSharp.Log.Segments;

/// <summary>How the directories of partitions are named.</summary>
internal static class DirectoryNames
{
    /// <summary>The quorum's log: not one of the broker's.</summary>
    private const string MetadataTopic = "__cluster_metadata";

    private const int MostCharacters = 255;

    /// <summary>The partition whose directory has this name; false for other names.</summary>
    public static bool TryParse(string name, out TopicPartition partition)
    {
        partition = default;
        int dash = name.LastIndexOf('-');
        if (dash <= 0 || !int.TryParse(
            name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return false;
        }

        partition = new TopicPartition(name[..dash], number);
        return partition.Topic != MetadataTopic && partition.ToString() == name;
    }

    /// <summary>The name of a directory that waits for its removal; cut so that a file system takes it.</summary>
    public static string Doomed(string path, string unique) =>
        WithSuffix(path, $".{unique}{SegmentFiles.DeleteDirectorySuffix}");

    /// <summary>The name of the directory of a log that is to take the place of one in another log directory.</summary>
    public static string Future(string path, string unique) =>
        WithSuffix(path, $".{unique}{SegmentFiles.FutureDirectorySuffix}");

    /// <summary>The partition that such a directory belongs to; false for other names.</summary>
    public static bool TryParseFuture(string name, out TopicPartition partition)
    {
        partition = default;
        int dot = name.LastIndexOf('.');
        return dot > 0 && name.EndsWith(SegmentFiles.FutureDirectorySuffix, StringComparison.Ordinal)
            && TryParse(name[..dot], out partition);
    }

    private static string WithSuffix(string path, string suffix)
    {
        int slash = path.LastIndexOf('/');
        string name = path[(slash + 1)..];
        return path[..(slash + 1)] + name[..Math.Min(name.Length, MostCharacters - suffix.Length)] + suffix;
    }
}
