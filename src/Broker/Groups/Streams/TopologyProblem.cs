namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>Why no task of a topology can be assigned (yet).</summary>
internal sealed record TopologyProblem(StreamsStatus Status, string Detail);
