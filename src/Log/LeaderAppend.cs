using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log;

/// <summary>What one produce request (or coordinator) brings for one partition.</summary>
/// <param name="Records">Exactly one batch; offsets, epoch and timestamps are set in place. Borrowed for the
/// call.</param>
/// <param name="Origin">How far it is trusted.</param>
/// <param name="AllowsZstd">False for produce requests before version 7.</param>
/// <param name="IsVerificationRequired">A transactional batch must belong to a transaction that is open here or known
/// to the coordinator (transaction.partition.verification.enable).</param>
/// <param name="Verification">What <see cref="PartitionLog.StartVerification"/> gave; 0 for none.</param>
/// <param name="BumpsEpoch">A marker of a producer that gets a new epoch with each transaction (KIP-890).</param>
public readonly record struct LeaderAppend(
    Memory<byte> Records,
    AppendOrigin Origin = AppendOrigin.Client,
    bool AllowsZstd = true,
    bool IsVerificationRequired = false,
    long Verification = 0,
    bool BumpsEpoch = false);
