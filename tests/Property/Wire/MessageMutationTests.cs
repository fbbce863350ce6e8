using FsCheck.Xunit;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Tests.Property.Wire;

/// <summary>Bytes that lie: whatever they are, reading them ends with a message or with the one declared error, in
/// memory that stays in proportion to the bytes that are really there.</summary>
public sealed class MessageMutationTests
{
    private const long BaseBytes = 64 * 1024;

    /// <summary>The most that a byte of input can be turned into: an object of its own for a few bytes.</summary>
    private const long BytesPerByte = 160;

    [Property(MaxTest = 5000)]
    public void MutatedMessage_IsReadOrRefused_InMemoryInProportion(
        int pick, byte[] entropy, (int At, byte Value)[] changes, int cut)
    {
        (MessageModel model, short version) = MessageModels.Pick(pick);
        byte[] bytes = MessageCodec.Encode(new MessageBuilder(model, version, new Entropy(entropy)).Build(), version);
        foreach ((int at, byte value) in changes)
        {
            if (bytes.Length > 0)
            {
                bytes[(int)((uint)at % (uint)bytes.Length)] ^= value;
            }
        }

        int length = cut % 4 == 0 ? (int)((uint)cut % (uint)(bytes.Length + 1)) : bytes.Length;
        AssertReadOrRefused(model, version, bytes[..length]);
    }

    [Property(MaxTest = 5000)]
    public void Noise_IsReadOrRefused_InMemoryInProportion(int pick, byte[] noise)
    {
        (MessageModel model, short version) = MessageModels.Pick(pick);
        AssertReadOrRefused(model, version, noise);
    }

    /// <summary>Lengths near the largest number, and runs of the shortest elements, for every message.</summary>
    [Fact]
    public void HugeLengthsAndTinyElements_StayInProportion()
    {
        byte[][] fillings =
        [
            [.. Enumerable.Repeat((byte)0xFF, 20_000)],
            [.. Enumerable.Repeat((byte)0x7F, 20_000)],
            [.. Enumerable.Repeat((byte)0x01, 20_000)],
            [.. Enumerable.Repeat((byte)0x00, 20_000)],
            [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i % 5 == 4 ? 0x0F : 0xFE))],
            [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i % 2 == 0 ? 0x00 : 0x4E))],
        ];
        foreach ((MessageModel model, short version) in MessageModels.All)
        {
            Assert.All(fillings, bytes => AssertReadOrRefused(model, version, bytes));
        }
    }

    [Property(MaxTest = 300)]
    public void Message_CutAnywhere_IsRefused(int pick, byte[] entropy)
    {
        (MessageModel model, short version) = MessageModels.Pick(pick);
        byte[] bytes = MessageCodec.Encode(new MessageBuilder(model, version, new Entropy(entropy)).Build(), version);
        for (int length = 0; length < bytes.Length; length += 1 + (length / 50))
        {
            Assert.False(MessageCodec.TryDecode(
                bytes.AsMemory(0, length), version, MessageModels.New(model), out WireError error));
            Assert.NotEqual(WireFault.None, error.Fault);
        }
    }

    [Property(MaxTest = 3000)]
    public void Frame_OfNoise_IsReadOrRefused(short key, short version, byte[] noise)
    {
        byte[] frame = [0, (byte)(key % 100), 0, (byte)(version % 20), 0, 0, 0, 1, .. noise];

        bool decoded = RequestFrame.TryDecode(frame, out _, out IApiMessage? body, out _, out WireError error);

        Assert.Equal(decoded, body is not null);
        Assert.Equal(decoded, error.Fault == WireFault.None);
    }

    [Property(MaxTest = 2000)]
    public void MetadataRecord_OfNoise_IsReadOrRefused(byte key, byte version, byte[] noise)
    {
        byte[] bytes = [1, (byte)(key % 32), (byte)(version % 5), .. noise];

        bool read = MetadataRecordCodec.TryRead(bytes, out IMetadataRecord? record, out _, out WireError error);

        Assert.Equal(read, record is not null);
        Assert.Equal(read, error.Fault == WireFault.None);
        if (read)
        {
            Assert.True(MetadataRecordCodec.SizeOf(record!, (short)(version % 5)) >= 3);
        }
    }

    private static void AssertReadOrRefused(MessageModel model, short version, byte[] bytes)
    {
        IMessage target = MessageModels.New(model);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool read = MessageCodec.TryDecode(bytes, version, target, out WireError error);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(
            allocated <= BaseBytes + (BytesPerByte * bytes.Length),
            $"{model.Name} v{version}: {allocated} bytes for {bytes.Length}");
        Assert.Equal(read, error.Fault == WireFault.None);
        Assert.InRange(error.Position, 0, bytes.Length);
        if (read)
        {
            // What was read can be written; padded varints and the like need not give the same bytes.
            Assert.Equal(MessageCodec.SizeOf(target, version), MessageCodec.Encode(target, version).Length);
        }
    }
}
