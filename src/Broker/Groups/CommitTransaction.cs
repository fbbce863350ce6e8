using KRaftSharp.Broker.Coordination;
using KRaftSharp.Log;

namespace KRaftSharp.Broker.Groups;

/// <summary>The transaction that offsets are committed in.</summary>
/// <param name="Verification">What <see cref="PartitionLog.StartVerification"/> gave; null where transactions are not
/// verified.</param>
internal readonly record struct CommitTransaction(ProducerStamp Producer, long? Verification);
