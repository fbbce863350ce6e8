namespace KRaftSharp.Broker.Sharing;

/// <summary>What a dead letter copies of a record.</summary>
internal readonly record struct OriginalRecord(ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value)
{
    public int Size => (Key?.Length ?? 0) + (Value?.Length ?? 0);
}
