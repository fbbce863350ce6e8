namespace KRaftSharp.Tests.Property.Sharing;

/// <summary>Mistakes that the histories must expose.</summary>
public enum PlantedFault
{
    None,

    /// <summary>What one member holds may be given to another one.</summary>
    RecordHandedToTwoMembers,

    /// <summary>A lock that runs out forgets how often the record was delivered.</summary>
    CountForgotten,

    /// <summary>An acknowledgement is answered before it is persisted, and then is not.</summary>
    AcknowledgementNotKept,

    /// <summary>The start moves over a record that is not done.</summary>
    StartPassesOpenRecord,

    /// <summary>What could not be persisted counts all the same.</summary>
    RollBackForgotten,
}
