namespace KRaftSharp.Protocol;

/// <summary>A record that is stored with its key and version in front.</summary>
public interface IMetadataRecord : IMessage
{
    /// <summary>The number of the record's type.</summary>
    short RecordKey { get; }
}
