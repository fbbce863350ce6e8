using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Handlers;

/// <summary>What a client is told of a partition.</summary>
internal readonly record struct PartitionView(
    ErrorCode Error, int Leader, List<int> Replicas, List<int> Isr, List<int> Offline);
