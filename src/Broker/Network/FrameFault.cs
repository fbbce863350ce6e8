namespace KRaftSharp.Broker.Network;

/// <summary>Why the bytes of a connection cannot be cut into frames.</summary>
internal enum FrameFault
{
    None,
    NegativeLength,
    TooLong,
}
