namespace KRaftSharp.Client.Sharing;

/// <summary>How many records a fetch may take for this member (<c>share.acquire.mode</c>, KIP-1206).</summary>
public enum ShareAcquireMode
{
    /// <summary>Whole batches of at least what is asked for: quicker, and what a poll does not return waits here under
    /// its lock.</summary>
    BatchOptimized,

    /// <summary>Never more than <c>max.poll.records</c>, of one broker at a time: for records that take long.</summary>
    RecordLimit,
}
