using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log;

/// <summary>What became of one append.</summary>
public readonly record struct LogAppendResult
{
    public ErrorCode Error { get; init; }

    /// <summary>The cause in words; null when there is none.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The rejected records (KIP-467); null unless single records are the cause.</summary>
    public IReadOnlyList<RecordError>? RecordErrors { get; init; }

    /// <summary>The offset of the first record; -1 after an error.</summary>
    public long BaseOffset { get; init; }

    /// <summary>The offset of the last record; -1 after an error.</summary>
    public long LastOffset { get; init; }

    /// <summary>The leader's clock if the topic says LogAppendTime; otherwise -1.</summary>
    public long LogAppendTimeMs { get; init; }

    public long LogStartOffset { get; init; }

    /// <summary>The batch was there already (same producer, epoch and sequence): nothing was written, and the offsets
    /// are those it had then.</summary>
    public bool IsDuplicate { get; init; }

    public bool IsSuccess => Error == ErrorCode.None;

    internal static LogAppendResult Failed(ErrorCode error, string? message, long logStartOffset) => new()
    {
        Error = error,
        ErrorMessage = message,
        BaseOffset = -1,
        LastOffset = -1,
        LogAppendTimeMs = -1,
        LogStartOffset = logStartOffset,
    };
}
