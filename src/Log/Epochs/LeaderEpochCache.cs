namespace KRaftSharp.Log.Epochs;

/// <summary>Which leader epoch starts where (KIP-101). Written by the log's owner, read by any thread.</summary>
public sealed class LeaderEpochCache
{
    /// <summary>Rising in epoch and offset; a snapshot that does not change.</summary>
    public IReadOnlyList<EpochEntry> Entries => throw new NotSupportedException();

    /// <summary>-1 when there is none.</summary>
    public int LatestEpoch => throw new NotSupportedException();

    /// <summary>The epoch of the record at an offset; -1 when unknown.</summary>
    public int EpochOf(long offset) => throw new NotSupportedException();

    /// <summary>The greatest epoch up to <paramref name="epoch"/> and where it ends.</summary>
    public LogPoint EndOffsetFor(int epoch, long logEndOffset) => throw new NotSupportedException();
}
