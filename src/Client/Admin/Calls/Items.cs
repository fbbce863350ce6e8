using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin.Calls;

/// <summary>Small conversions that the calls have in common.</summary>
internal static class Items
{
    /// <summary>The partitions of each topic, as most requests list them.</summary>
    public static IEnumerable<(string Topic, IEnumerable<int> Partitions)> ByTopic(
        this IEnumerable<TopicPartition> partitions) => partitions.GroupBy(partition => partition.Topic).Select(
            topic => (topic.Key, topic.Select(partition => partition.Partition)));

    /// <summary>Outcomes without values.</summary>
    public static async Task<IReadOnlyDictionary<TKey, Outcome>> PlainAsync<TKey>(
        this Task<IReadOnlyDictionary<TKey, Outcome<bool>>> outcomes)
        where TKey : notnull => (await outcomes).ToDictionary(pair => pair.Key, Outcome (pair) => pair.Value);

    /// <summary>The value of the only item.</summary>
    public static async Task<TValue> SoleAsync<TKey, TValue>(
        this Task<IReadOnlyDictionary<TKey, Outcome<TValue>>> outcomes)
        where TKey : notnull => (await outcomes).Values.Single().Value;

    /// <summary>Done, or the error.</summary>
    public static Outcome<bool> Done(ErrorCode error, string? message = null) => Outcome.Of(error, message, true);

}
