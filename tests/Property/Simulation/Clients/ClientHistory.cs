using KRaftSharp.History;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>What the clients of one run did and saw.</summary>
internal sealed class ClientHistory
{
    /// <summary>What producers, consumers and groups asked for and were told.</summary>
    public OperationHistory Operations { get; } = new();

    /// <summary>What a client noticed by itself that must not be.</summary>
    public List<string> Anomalies { get; } = [];

    /// <summary>
    /// Topics whose creation was acknowledged and whose deletion was never asked for, with their partitions.
    /// </summary>
    public SortedDictionary<string, int> CreatedTopics { get; } = new(StringComparer.Ordinal);

    /// <summary>The values of max.message.bytes, by topic.</summary>
    public SortedDictionary<string, ConfigHistory> MaxMessageBytes { get; } = new(StringComparer.Ordinal);

    /// <summary>Topics whose deletion was acknowledged and that were not created again.</summary>
    public SortedSet<string> DeletedTopics { get; } = new(StringComparer.Ordinal);

    public int AcknowledgedCount => Operations.Sent.Count(sent => sent.Outcome == Outcome.Succeeded)
        + Operations.Commits.Count(commit => commit.Outcome == Outcome.Succeeded);
}
