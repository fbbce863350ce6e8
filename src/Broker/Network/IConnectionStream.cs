namespace KRaftSharp.Broker.Network;

/// <summary>The bytes of one connection: a plain socket now, the seam for TLS later.</summary>
internal interface IConnectionStream : IDisposable
{
    /// <summary>Receives at least one byte; 0 means that the other side has finished.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends all segments, in order. One call at a time.</summary>
    ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> segments);

    /// <summary>Breaks the connection: calls under way end with an exception or with 0 bytes.</summary>
    void Abort();
}
