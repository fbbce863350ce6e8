namespace KRaftSharp.Protocol.Records;

/// <summary>One rejected record of a batch (KIP-467).</summary>
/// <param name="BatchIndex">The record's place in its batch, from 0.</param>
/// <param name="Message">The cause, for the producer.</param>
public readonly record struct RecordError(int BatchIndex, string Message);
