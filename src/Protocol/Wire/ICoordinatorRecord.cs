namespace KRaftSharp.Protocol;

/// <summary>The key or the value of a record in a coordinator's topic.</summary>
public interface ICoordinatorRecord : IMessage
{
    /// <summary>The number of the record's type; a key and its value share it.</summary>
    short RecordKey { get; }

    /// <summary>Keys are stored behind their type, values behind their version.</summary>
    bool IsKey { get; }
}
