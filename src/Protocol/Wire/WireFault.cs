namespace KRaftSharp.Protocol;

/// <summary>Why bytes cannot be a message.</summary>
public enum WireFault : byte
{
    None = 0,

    /// <summary>The bytes end before the field does, or a length is larger than what is left.</summary>
    Truncated,

    /// <summary>A varint with a byte too many.</summary>
    VarintTooLong,

    /// <summary>A length that no value of this type can have.</summary>
    InvalidLength,

    /// <summary>Null where the schema has no null.</summary>
    UnexpectedNull,

    /// <summary>A tagged field's value has another size than announced.</summary>
    TagSizeMismatch,

    /// <summary>Tagged fields that do not rise, or a tag out of range.</summary>
    TagOrder,

    /// <summary>Bytes behind the end of the message.</summary>
    TrailingBytes,

    /// <summary>No such request, response or record type.</summary>
    UnknownMessage,

    /// <summary>The message has no such version.</summary>
    UnsupportedVersion,
}
