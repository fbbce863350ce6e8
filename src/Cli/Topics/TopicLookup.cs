using System.Globalization;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Topics;

/// <summary>Finds the topics and partitions that a user names; a wrong name is answered with the right one.</summary>
internal static class TopicLookup
{
    /// <exception cref="ToolException">One of them does not exist.</exception>
    public static async Task<IReadOnlyList<TopicView>> FindAsync(
        KafkaAdmin admin, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, Outcome<TopicView>> found = await admin.Topics.DescribeAsync(names, cancellation);
        foreach ((string name, Outcome<TopicView> outcome) in found)
        {
            if (outcome.Error == ErrorCode.UnknownTopicOrPartition)
            {
                throw await UnknownAsync(admin, name, cancellation);
            }

            outcome.ThrowIfFailed();
        }

        return [.. names.Distinct().Select(name => found[name].Value)];
    }

    /// <summary>Partitions named <c>topic</c> (all), <c>topic:3</c> or <c>topic:0,1</c>.</summary>
    /// <exception cref="ToolException">A topic or partition does not exist.</exception>
    public static async Task<List<TopicPartition>> PartitionsAsync(
        KafkaAdmin admin, IEnumerable<string> texts, CancellationToken cancellation)
    {
        List<(string Topic, int[]? Partitions)> wanted = [.. texts.Select(Parse)];
        Dictionary<string, TopicView> topics = (await FindAsync(
            admin, [.. wanted.Select(one => one.Topic).Distinct()], cancellation)).ToDictionary(topic => topic.Name);
        List<TopicPartition> partitions = [];
        foreach ((string name, int[]? indexes) in wanted)
        {
            int count = topics[name].Partitions.Count;
            foreach (int index in indexes ?? [.. Enumerable.Range(0, count)])
            {
                partitions.Add((uint)index < (uint)count
                    ? new TopicPartition(name, index)
                    : throw new ToolException(
                        $"topic '{name}' has partitions 0 to {count - 1}, not {index}",
                        $"'kraftsharp topics describe {name}' shows them", ErrorCode.UnknownTopicOrPartition));
            }
        }

        return [.. partitions.Distinct()];
    }

    public static async Task<ToolException> UnknownAsync(
        KafkaAdmin admin, string name, CancellationToken cancellation)
    {
        IReadOnlyList<TopicView> all = await admin.Topics.ListAsync(includeInternal: true, cancellation);
        IReadOnlyList<string> similar = Hints.Similar(name, all.Select(topic => topic.Name));
        return new ToolException(
            $"topic '{name}' does not exist",
            similar.Count > 0
                ? $"did you mean '{string.Join("' or '", similar)}'?"
                : "'kraftsharp topics list' shows what there is",
            ErrorCode.UnknownTopicOrPartition);
    }

    private static (string Topic, int[]? Partitions) Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon < 0
            ? (text, null)
            : (text[..colon], [.. text[(colon + 1)..].Split(',').Select(part => int.TryParse(
                part, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                ? index
                : throw new ArgumentException(
                    $"'{text}' names no partitions: give topic, topic:3 or topic:0,1"))]);
    }
}
