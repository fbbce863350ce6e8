using System.Text;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Log.Checkpoints;

/// <summary>The file partition.metadata, which ties a partition's directory to its topic's id.</summary>
internal static class PartitionMetadata
{
    /// <summary>The topic id; zero when there is no such file or it makes no sense.</summary>
    public static Uuid Read(IStorage storage, string directory)
    {
        string path = SegmentFiles.Path(directory, SegmentFiles.PartitionMetadata);
        return storage.FileExists(path)
            && PropertyText.Parse(storage.ReadAllBytes(path)) is { } values
            && values.GetValueOrDefault("version") == "0"
            && Uuid.TryParse(values.GetValueOrDefault("topic_id") ?? "", out Uuid topicId)
                ? topicId
                : Uuid.Zero;
    }

    /// <param name="isDurable">Without, the file survives a crash of the process only.</param>
    public static void Write(IStorage storage, string directory, Uuid topicId, bool isDurable) =>
        storage.WriteAtomically(
            SegmentFiles.Path(directory, SegmentFiles.PartitionMetadata),
            Encoding.UTF8.GetBytes($"version: 0\ntopic_id: {topicId}"),
            isDurable);
}
