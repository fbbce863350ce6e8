namespace KRaftSharp.Protocol.Compression;

/// <summary>How decompressing a whole payload ended.</summary>
public enum PayloadOutcome : byte
{
    Complete,
    Malformed,
    TooLarge,
    UnknownCodec,
}
