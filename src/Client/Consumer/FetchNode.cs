namespace KRaftSharp.Client.Consumer;

/// <summary>What is read from one broker: its session, and how many of its bytes are held.</summary>
internal sealed class FetchNode
{
    private long _heldBytes;

    public FetchSession Session { get; } = new();

    /// <summary>A Fetch is under way.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Bytes fetched and not given back yet. Any thread may give back.</summary>
    public long HeldBytes => Volatile.Read(ref _heldBytes);

    public void Hold(long bytes) => Interlocked.Add(ref _heldBytes, bytes);
}
