namespace KRaftSharp.Tests.Property.Simulation.History;

/// <summary>One record that a consumer was given. A reader begins anew (another number) when it seeks.</summary>
internal sealed record ReadRecord(int Reader, TopicPartitionName Partition, long Offset, string Value);
