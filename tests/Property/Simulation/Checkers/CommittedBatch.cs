namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>One batch as it lies in a log; the checksum stands for its bytes.</summary>
internal sealed record CommittedBatch(long BaseOffset, long LastOffset, int Epoch, uint Crc);
