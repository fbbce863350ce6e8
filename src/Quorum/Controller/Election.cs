namespace KRaftSharp.Quorum.Controller;

/// <summary>How far an election may go.</summary>
internal enum Election
{
    /// <summary>Any member of the ISR, the current leader first.</summary>
    Online,

    /// <summary>The preferred replica if it can lead, else as it is.</summary>
    Preferred,

    /// <summary>If nobody in the ISR can lead, any replica: acknowledged records may be lost.</summary>
    Unclean,
}
