namespace KRaftSharp.Protocol.Records;

/// <summary>What the timestamps of a batch mean.</summary>
public enum TimestampType : sbyte
{
    /// <summary>Message formats before timestamps existed.</summary>
    None = -1,

    /// <summary>Set by the producer, one a record.</summary>
    CreateTime = 0,

    /// <summary>Set by the leader when it appended the batch; every record has the batch's max timestamp.</summary>
    LogAppendTime = 1,
}
