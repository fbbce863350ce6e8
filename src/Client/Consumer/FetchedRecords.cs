namespace KRaftSharp.Client.Consumer;

/// <summary>What a poll brought. Dispose it to give the buffers back; nothing of it is valid afterwards.</summary>
public sealed class FetchedRecords : IDisposable
{
    private readonly List<IDisposable> _buffers;

    internal FetchedRecords(IReadOnlyList<PartitionRecords> partitions, List<IDisposable> buffers)
    {
        Partitions = partitions;
        _buffers = buffers;
    }

    /// <summary>By partition; empty when the poll's time was over.</summary>
    public IReadOnlyList<PartitionRecords> Partitions { get; }

    public void Dispose()
    {
        foreach (IDisposable buffer in _buffers)
        {
            buffer.Dispose();
        }

        _buffers.Clear();
    }
}
