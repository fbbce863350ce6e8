namespace KRaftSharp.Client.Sharing;

/// <summary>Who says what becomes of records (<c>share.acknowledgement.mode</c>).</summary>
public enum AcknowledgementMode
{
    /// <summary>What a poll has returned is accepted by the next poll, or by a commit.</summary>
    Implicit,

    /// <summary>Each record is acknowledged by the application before it polls again.</summary>
    Explicit,
}
