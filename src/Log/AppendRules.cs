using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log;

/// <summary>A topic's configuration as the validator wants it, made once for each kind of append.</summary>
internal sealed class AppendRules
{
    private readonly RecordValidationOptions _client;
    private readonly RecordValidationOptions _clientWithoutZstd;
    private readonly RecordValidationOptions _coordinator;
    private readonly RecordValidationOptions _raftLeader;

    public AppendRules(LogOptions options, string partitionName)
    {
        _client = new RecordValidationOptions
        {
            Origin = AppendOrigin.Client,
            TargetCompression = options.Compression,
            TargetLevel = options.CompressionLevel,
            TimestampType = options.TimestampType,
            TimestampBeforeMaxMs = options.TimestampBeforeMaxMs,
            TimestampAfterMaxMs = options.TimestampAfterMaxMs,
            IsCompacted = options.IsCompacted,
            MaxBatchBytes = options.MaxMessageBytes,
            MaxRecordBytes = options.MaxDecompressedBytes,
            PartitionName = partitionName,
        };
        _clientWithoutZstd = _client with { AllowsZstd = false };
        _coordinator = _client with { Origin = AppendOrigin.Coordinator };
        _raftLeader = _client with { Origin = AppendOrigin.RaftLeader };
    }

    public RecordValidationOptions For(AppendOrigin origin, bool allowsZstd) => origin switch
    {
        AppendOrigin.Client => allowsZstd ? _client : _clientWithoutZstd,
        AppendOrigin.Coordinator => _coordinator,
        AppendOrigin.RaftLeader => _raftLeader,
        _ => throw new ArgumentOutOfRangeException(nameof(origin)),
    };

    public static ErrorCode ErrorOf(RecordFault fault) => fault switch
    {
        RecordFault.None => ErrorCode.None,
        RecordFault.InvalidRecord or RecordFault.UnsupportedMagic => ErrorCode.InvalidRecord,
        RecordFault.InvalidTimestamp => ErrorCode.InvalidTimestamp,
        RecordFault.BatchTooLarge => ErrorCode.MessageTooLarge,
        RecordFault.UnsupportedCompression => ErrorCode.UnsupportedCompressionType,
        RecordFault.CorruptBatch or RecordFault.NumberOverflow or RecordFault.TruncatedHeader =>
            ErrorCode.CorruptMessage,
        RecordFault.UnknownCompression or RecordFault.DecompressionFailed or RecordFault.DecompressedTooLarge =>
            ErrorCode.UnknownServerError,
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
