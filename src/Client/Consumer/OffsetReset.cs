namespace KRaftSharp.Client.Consumer;

/// <summary>Where to read on when there is no position, or none that the log still holds (<c>auto.offset.reset</c>).
/// </summary>
public enum OffsetReset
{
    /// <summary>The log's end: only what comes from now on.</summary>
    Latest,

    /// <summary>The log's start.</summary>
    Earliest,

    /// <summary>Nowhere: the poll fails.</summary>
    None,

    /// <summary>The first record that is not older than <see cref="ConsumerOptions.OffsetResetDuration"/>
    /// (KIP-1106).</summary>
    ByDuration,
}
