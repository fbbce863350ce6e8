using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Broker.Coordination;

/// <summary>Makes the batch of a decision, valid until the next one. One shard's.</summary>
internal sealed class BatchWriter(CompressionCodec compression) : IDisposable
{
    private readonly RecordBatchBuilder _builder = new();

    public Memory<byte> Write(Decision decision, long nowMs)
    {
        ProducerStamp? producer = decision.End?.Producer ?? decision.Producer;
        _builder.Reset(new RecordBatchOptions
        {
            Compression = decision.End is null ? compression : CompressionCodec.None,
            ProducerId = producer?.ProducerId ?? -1,
            ProducerEpoch = producer?.ProducerEpoch ?? -1,
            IsTransactional = producer is not null,
            IsControl = decision.End is not null,
        });
        if (decision.End is { } end)
        {
            ControlRecords.AppendEndTxnMarker(_builder, nowMs, end.IsCommit, end.CoordinatorEpoch);
            return _builder.Build();
        }

        foreach (CoordinatorRecord record in decision.Records)
        {
            // Not by way of a null array, which would become an empty value instead of a tombstone.
            ReadOnlyMemory<byte>? value = record.Value is { } body
                ? CoordinatorRecordCodec.EncodeValue(body, record.Version).AsMemory()
                : default(ReadOnlyMemory<byte>?);
            _builder.Append(nowMs, CoordinatorRecordCodec.EncodeKey(record.Key), value);
        }

        return _builder.Build();
    }

    public void Dispose() => _builder.Dispose();
}
