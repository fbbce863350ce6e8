using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>One flush of the log at a time: what is appended while one is under way shares the next.</summary>
/// <param name="flushed">Called on the strand with the end up to which the log is durable.</param>
/// <param name="failed">Called on the strand when the disk failed.</param>
internal sealed class GroupFlush(MetadataLog log, Strand strand, Action<long> flushed, Action<Exception> failed)
{
    private bool _isWanted;
    private bool _isStopped;
    private int _truncations;

    /// <summary>True while a flush is under way.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>The last flush that was started.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Makes the log durable up to its end of now, soon.</summary>
    public void Request()
    {
        if (IsRunning || _isStopped)
        {
            _isWanted = true;
            return;
        }

        IsRunning = true;
        Completion = RunAsync(log.EndOffset, _truncations);
    }

    /// <summary>Starts no more flushes.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>What a flush under way promises may no longer be what the log holds.</summary>
    public void Truncated()
    {
        _truncations++;
        Request();
    }

    private async Task RunAsync(long endOffset, int truncations)
    {
        try
        {
            await log.FlushAsync();
        }
        catch (StorageException error)
        {
            strand.Post(() => failed(error));
            return;
        }

        strand.Post(() => OnFlushed(endOffset, truncations));
    }

    private void OnFlushed(long endOffset, int truncations)
    {
        IsRunning = false;
        if (_isStopped)
        {
            return;
        }

        if (_isWanted || truncations != _truncations)
        {
            _isWanted = false;
            Request();
        }

        if (truncations == _truncations)
        {
            flushed(endOffset);
        }
    }
}
