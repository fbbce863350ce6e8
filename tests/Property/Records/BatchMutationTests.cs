using FsCheck.Xunit;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Records;

/// <summary>Bytes that lie: whatever is done to a batch, reading it ends with a value, soon and in little memory.
/// </summary>
[Properties(Arbitrary = [typeof(BatchArbitraries)])]
public sealed class BatchMutationTests
{
    private const int BombBytes = 64 * 1024 * 1024;

    // Pools, test scaffolding and one decoder: what a read may allocate whatever the bytes claim.
    private const long AllocationBound = 4 * 1024 * 1024;

    [Property(MaxTest = 1000)]
    public void MutatedBatch_IsReadOrRefused_InBoundedMemory(BatchModel model, (int At, byte Value)[] changes, int cut)
    {
        byte[] bytes = model.Write();
        foreach ((int at, byte value) in changes)
        {
            bytes[(int)((uint)at % (uint)bytes.Length)] ^= value;
        }

        bytes = cut % 4 == 0 ? bytes[..(int)((uint)cut % (uint)bytes.Length)] : bytes;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Walk(bytes);
        using var validator = new RecordBatchValidator();
        FixCrc(bytes);
        validator.Validate(bytes, new RecordValidationOptions { MaxRewrittenBytes = 1 << 20 }, 0, 0, 0);

        // A rejected record has its message: that much, and no more, grows with the records really there.
        Assert.InRange(
            GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationBound + (512L * bytes.Length));
    }

    [Property(MaxTest = 300)]
    public void MutatedPayload_EndsTheDecoder_InBoundedMemory(CompressionCodec codec, byte[] noise, int seed)
    {
        if (PayloadCodecs.Find(codec) is not { } found)
        {
            return;
        }

        using var payload = new PooledBytes();
        found.Compress(new byte[5000 + noise.Length], payload, found.DefaultLevel);
        Span<byte> bytes = payload.MutableSpan;
        for (int i = 0; i < noise.Length; i++)
        {
            bytes[(int)((uint)(seed + (i * 7919)) % (uint)bytes.Length)] ^= noise[i];
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        using var output = new PooledBytes();
        PayloadOutcome outcome = PayloadCodecs.TryDecompress(codec, bytes, output, maxBytes: 1 << 20);

        Assert.True(outcome != PayloadOutcome.Complete || output.Length <= 1 << 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * AllocationBound);
    }

    [Theory]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4)]
    [InlineData(CompressionCodec.Zstd)]
    public void Bomb_IsRefused_WithinTheBound(CompressionCodec codec)
    {
        byte[] bomb = Bomb(codec);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(RecordBatchView.TryParse(bomb, out RecordBatchView batch));
        using (var records = new RecordReader(batch, maxDecompressedBytes: 1 << 20))
        {
            Assert.False(records.MoveNext());
            Assert.Equal(RecordFault.DecompressedTooLarge, records.Fault);
        }

        using var output = new PooledBytes();
        Assert.Equal(PayloadOutcome.TooLarge, PayloadCodecs.TryDecompress(codec, batch.Payload, output, 1 << 20));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3 * AllocationBound);
    }

    [Theory]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4)]
    [InlineData(CompressionCodec.Zstd)]
    public void Bomb_ValidatedInPlace_IsNeverHeldInMemory(CompressionCodec codec)
    {
        byte[] bomb = Bomb(codec);
        using var validator = new RecordBatchValidator();
        long before = GC.GetAllocatedBytesForCurrentThread();

        RecordValidationResult result = validator.Validate(bomb, new RecordValidationOptions(), 0, 0, 0);

        Assert.Equal(RecordFault.None, result.Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationBound);
    }

    private static byte[] Bomb(CompressionCodec codec)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Compression = codec });
        builder.Append(0, null, new byte[BombBytes]);
        return builder.Build().ToArray();
    }

    private static void Walk(byte[] bytes)
    {
        var batches = new RecordBatchEnumerator(bytes);
        while (batches.MoveNext())
        {
            batches.Current.IsCrcValid();
            using var whole = new RecordReader(batches.Current, maxDecompressedBytes: 1 << 20);
            while (whole.MoveNext())
            {
                foreach (RecordHeaderView header in whole.Current.Headers)
                {
                    Assert.True(header.Key.Length <= bytes.Length || batches.Current.Compression != 0);
                }
            }

            Assert.True(whole.RecordsRead <= Math.Max(batches.Current.RecordCount, 0));
        }

        Assert.InRange(batches.BytesUsed, 0, bytes.Length);
    }

    // So that what lies behind the checksum is reached too.
    private static void FixCrc(byte[] bytes)
    {
        if (RecordBatchView.TryParse(bytes, out _))
        {
            RecordBatchMutator.UpdateCrc(bytes);
        }
    }
}
