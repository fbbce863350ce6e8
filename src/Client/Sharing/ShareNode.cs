namespace KRaftSharp.Client.Sharing;

/// <summary>What goes on with one broker: one request at a time, for each has the number that follows the last.
/// </summary>
internal sealed class ShareNode(int id)
{
    public int Id => id;

    public ShareSession Session { get; } = new();

    /// <summary>What the next request says.</summary>
    public Acknowledgements Staged { get; } = new();

    /// <summary>Since when something waits to be said, on the runtime's clock.</summary>
    public long StagedSinceMs { get; set; }

    /// <summary>What the request under way says; empty without one.</summary>
    public Acknowledgements Said { get; set; } = new();

    public bool IsBusy { get; set; }

    /// <summary>The request under way may bring records.</summary>
    public bool IsFetching { get; set; }

    public int Failures { get; set; }

    /// <summary>Not asked before, on the runtime's clock.</summary>
    public long RetryAtMs { get; set; }
}
