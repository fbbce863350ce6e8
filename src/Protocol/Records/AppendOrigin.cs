namespace KRaftSharp.Protocol.Records;

/// <summary>Who hands a batch to a leader, which decides how far it is trusted.</summary>
public enum AppendOrigin : byte
{
    /// <summary>A produce request.</summary>
    Client,

    /// <summary>A coordinator of this broker, which may write control records.</summary>
    Coordinator,

    /// <summary>The leader of the metadata quorum.</summary>
    RaftLeader,
}
