namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>The offsets of a record batch that was read.</summary>
internal readonly record struct LogBatch(long BaseOffset, long LastOffset);
