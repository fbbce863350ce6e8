using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log;

/// <summary>What one produce request (or coordinator) brings for one partition.</summary>
/// <param name="Records">Exactly one batch; offsets, epoch and timestamps are set in place. Borrowed for the
/// call.</param>
/// <param name="Origin">How far it is trusted.</param>
/// <param name="AllowsZstd">False for produce requests before version 7.</param>
public readonly record struct LeaderAppend(
    Memory<byte> Records, AppendOrigin Origin = AppendOrigin.Client, bool AllowsZstd = true);
