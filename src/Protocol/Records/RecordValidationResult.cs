using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Protocol.Records;

/// <summary>The verdict on one batch, and what to append when it is good.</summary>
public readonly record struct RecordValidationResult
{
    /// <summary>None when the batch may be appended.</summary>
    public RecordFault Fault { get; init; }

    /// <summary>The cause in words, when there is a fault.</summary>
    public string? Message { get; init; }

    /// <summary>The rejected records, when single ones are the cause; otherwise null.</summary>
    public IReadOnlyList<RecordError>? RecordErrors { get; init; }

    /// <summary>The batch with offsets, epoch and timestamps assigned: the caller's own bytes, or, when
    /// <see cref="IsRewritten"/>, the validator's, valid until its next call.</summary>
    public ReadOnlyMemory<byte> Batch { get; init; }

    public bool IsRewritten { get; init; }

    public long FirstOffset { get; init; }

    public long LastOffset { get; init; }

    public int RecordCount { get; init; }

    /// <summary>The greatest timestamp of the records; -1 when none has one.</summary>
    public long MaxTimestampMs { get; init; }

    /// <summary>When the leader appended it, if the topic says LogAppendTime; otherwise -1.</summary>
    public long LogAppendTimeMs { get; init; }

    public CompressionCodec SourceCompression { get; init; }

    public bool IsValid => Fault == RecordFault.None;

    internal static RecordValidationResult Refused(
        RecordFault fault, string message, IReadOnlyList<RecordError>? errors = null) =>
        new() { Fault = fault, Message = message, RecordErrors = errors };
}
