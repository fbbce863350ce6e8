using System.Text.Json;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;

namespace KRaftSharp.Cli.Partitions;

/// <summary>New replicas of partitions, in the JSON form of Kafka's tools.</summary>
internal static class ReassignmentPlan
{
    /// <exception cref="InvalidDataException">The file holds no plan.</exception>
    public static async Task<Dictionary<TopicPartition, IReadOnlyList<int>>> ReadAsync(
        FileInfo file, CancellationToken cancellation)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(
                await File.ReadAllBytesAsync(file.FullName, cancellation));
            return document.RootElement.GetProperty("partitions").EnumerateArray().ToDictionary(
                entry => new TopicPartition(
                    entry.GetProperty("topic").GetString()!, entry.GetProperty("partition").GetInt32()),
                IReadOnlyList<int> (entry) =>
                    [.. entry.GetProperty("replicas").EnumerateArray().Select(id => id.GetInt32())]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or ArgumentException)
        {
            throw new InvalidDataException(
                $"{file.Name} is no plan like {{\"partitions\": [{{\"topic\": \"a\", \"partition\": 0, "
                + $"\"replicas\": [1, 2]}}]}}: {error.Message}");
        }
    }

    /// <summary>As a table, or as the JSON that <see cref="ReadAsync"/> reads.</summary>
    public static Page Show(
        IReadOnlyDictionary<TopicPartition, IReadOnlyList<int>> plan,
        IReadOnlyDictionary<TopicPartition, IReadOnlyList<int>> current)
    {
        Report partitions = new("topic", "partition", "current", "replicas", "copies");
        foreach ((TopicPartition partition, IReadOnlyList<int> replicas) in plan.OrderBy(
            pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition))
        {
            bool isSame = replicas.SequenceEqual(current[partition]);
            int copies = replicas.Except(current[partition]).Count();
            partitions.Add(
                partition.Topic, partition.Partition, Cell.Ids(current[partition]),
                Cell.Ids(replicas).As(isSame ? Tone.Dim : Tone.Plain),
                ((Cell)copies).As(copies > 0 ? Tone.Warning : Tone.Dim));
        }

        return new Page("version", 1).Add("partitions", partitions);
    }
}
