namespace KRaftSharp.Tests.Property.Replication;

/// <summary>Mistakes that the histories must expose; each once was somebody's bug.</summary>
public enum PlantedFault
{
    None,

    /// <summary>A new follower cuts its log at its high watermark, which lags (what KIP-101 mended).</summary>
    TruncatesToHighWatermark,

    /// <summary>acks=all is answered as soon as the leader has the record.</summary>
    AcknowledgesOnAppend,

    /// <summary>Whoever fetches is taken into the ISR, caught up or not.</summary>
    ExpandsTooEarly,
}
