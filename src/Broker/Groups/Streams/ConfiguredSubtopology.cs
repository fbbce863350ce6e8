namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>A part of a topology whose tasks are independent of each other.</summary>
/// <param name="TaskCount">One for each partition of its largest source topic.</param>
/// <param name="Sources">The topics of others that it reads, in order.</param>
/// <param name="Sinks">The repartition topics that it writes, in order.</param>
/// <param name="RepartitionSources">The repartition topics that it reads, in the order of names.</param>
/// <param name="Changelogs">Of its state stores, in the order of names.</param>
internal sealed record ConfiguredSubtopology(
    string Id, int TaskCount, IReadOnlyList<string> Sources, IReadOnlyList<string> Sinks,
    IReadOnlyList<ConfiguredTopic> RepartitionSources, IReadOnlyList<ConfiguredTopic> Changelogs)
{
    /// <summary>Whether its tasks keep state, and so may have standby tasks.</summary>
    public bool IsStateful => Changelogs.Count > 0;

    public IEnumerable<string> AllSources =>
        Sources.Concat(RepartitionSources.Select(topic => topic.Name)).Distinct(StringComparer.Ordinal);
}
