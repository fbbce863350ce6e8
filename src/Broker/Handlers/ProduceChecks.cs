using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Broker.Handlers;

/// <summary>What a produce request is refused for before any log sees it.</summary>
internal static class ProduceChecks
{
    private const short FirstVersionWithZstd = 7;

    /// <summary>Refuses the request as a whole: bytes that are no batches, transactions of nobody.</summary>
    public static (ErrorCode Error, string? Message) CheckWhole(ProduceRequest request, out bool isTransactional)
    {
        isTransactional = false;
        foreach (ProduceRequest.TopicProduceData topic in request.TopicData)
        {
            foreach (ProduceRequest.PartitionProduceData partition in topic.PartitionData)
            {
                if (partition.Records is not { } records)
                {
                    continue;
                }

                var batches = new RecordBatchSplitter(records.Span);
                if (!batches.MoveNext())
                {
                    if (batches.Fault != RecordFault.None)
                    {
                        return (ErrorCode.CorruptMessage, "The records are no record batches");
                    }

                    continue;
                }

                isTransactional |= RecordBatchView.TryParse(batches.Current, out RecordBatchView batch)
                    && batch.IsTransactional;
            }
        }

        return isTransactional && request.TransactionalId is null
            ? (ErrorCode.TransactionalIdAuthorizationFailed, null)
            : (ErrorCode.None, null);
    }

    public static bool IsTransactional(ReadOnlySpan<byte> records) =>
        RecordBatchView.TryParse(records, out RecordBatchView batch) && batch.IsTransactional;

    /// <summary>Exactly one batch of format 2, with a codec that the version knows.</summary>
    public static ErrorCode CheckRecords(ReadOnlyMemory<byte>? records, short version)
    {
        if (records is not { } bytes)
        {
            return ErrorCode.InvalidRecord;
        }

        var batches = new RecordBatchSplitter(bytes.Span);
        if (!batches.MoveNext() || batches.Magic != RecordBatchLayout.CurrentMagic)
        {
            return ErrorCode.InvalidRecord;
        }

        if (version < FirstVersionWithZstd && RecordBatchView.TryParse(batches.Current, out RecordBatchView batch)
            && batch.Compression >= CompressionCodec.Zstd)
        {
            return batch.Compression == CompressionCodec.Zstd
                ? ErrorCode.UnsupportedCompressionType
                : ErrorCode.UnknownServerError;
        }

        if (batches.MoveNext())
        {
            return ErrorCode.InvalidRecord;
        }

        return batches.Fault == RecordFault.None ? ErrorCode.None : ErrorCode.CorruptMessage;
    }
}
