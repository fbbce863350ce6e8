namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>A group and the topic that its members consume.</summary>
internal sealed record GroupTopic(string Group, string Topic, int Partitions);
