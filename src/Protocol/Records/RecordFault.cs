namespace KRaftSharp.Protocol.Records;

/// <summary>Why bytes that claim to be record batches are refused. A value, never an exception.</summary>
public enum RecordFault : byte
{
    None = 0,

    /// <summary>Impossible length, unknown magic, or a checksum that does not match (CORRUPT_MESSAGE).</summary>
    CorruptBatch,

    /// <summary>A batch or a record that breaks a rule of the format (INVALID_RECORD).</summary>
    InvalidRecord,

    /// <summary>At least one timestamp outside the allowed range (INVALID_TIMESTAMP).</summary>
    InvalidTimestamp,

    /// <summary>The batch is larger than the topic allows (MESSAGE_TOO_LARGE).</summary>
    BatchTooLarge,

    /// <summary>Message formats 0 and 1, no longer accepted (INVALID_RECORD in a produce request).</summary>
    UnsupportedMagic,

    /// <summary>A codec this format or request version may not use (UNSUPPORTED_COMPRESSION_TYPE).</summary>
    UnsupportedCompression,

    /// <summary>Compression ids 5 to 7, which no codec has.</summary>
    UnknownCompression,

    /// <summary>A length varint with more than five bytes, or a batch length whose sum with its prefix overflows.
    /// </summary>
    NumberOverflow,

    /// <summary>The batch ends before its own header does.</summary>
    TruncatedHeader,

    /// <summary>The compressed payload cannot be decompressed.</summary>
    DecompressionFailed,

    /// <summary>The decompressed payload is larger than the caller allows.</summary>
    DecompressedTooLarge,
}
