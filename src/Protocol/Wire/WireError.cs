namespace KRaftSharp.Protocol;

/// <summary>The first thing that was wrong with the bytes, and where: the offset from the start of the buffer that
/// was read.</summary>
public readonly record struct WireError(WireFault Fault, int Position);
