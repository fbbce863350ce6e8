using System.Collections.Immutable;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>The partitions of a topic for which a share group has, or wants, state.</summary>
/// <param name="SinceMs">When they came to be known; told by no record.</param>
internal sealed record StateTopic(string Name, ImmutableSortedSet<int> Partitions, long SinceMs);
