using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Transactions;

/// <summary>Ends a producer's transaction in a partition of the group coordinator's topic.</summary>
internal delegate Task<ErrorCode> EndOffsets(int partition, TransactionEnd end);
