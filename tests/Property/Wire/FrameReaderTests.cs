using System.Buffers.Binary;
using FsCheck.Xunit;
using KRaftSharp.Broker.Network;

namespace KRaftSharp.Tests.Property.Wire;

/// <summary>Frames from whatever bytes a connection sends: lengths that cannot be, lengths that are not kept, and
/// frames in any portions. Memory is bounded by the bytes that came, never by a length that was declared.</summary>
public sealed class FrameReaderTests
{
    private const int MaxFrameBytes = 100 * 1024 * 1024;
    private const int LeastBytes = 64 * 1024;

    /// <summary>Room for what is to come grows with what has come.</summary>
    private const int MostGrowth = 8;

    [Property(MaxTest = 200, Replay = "5291733,7201153")]
    public void Frames_InAnyPortions_ComeWholeAndInOrder(byte[][] bodies, byte[] portions)
    {
        byte[] stream = [.. bodies.SelectMany(Framed)];
        using FrameReader reader = new(MaxFrameBytes, budget: null);
        List<byte[]> taken = [];
        int sent = 0;
        for (int i = 0; sent < stream.Length; i++)
        {
            int portion = portions.Length == 0 ? 1 : 1 + portions[i % portions.Length];
            int count = Math.Min(Math.Min(portion, stream.Length - sent), reader.Room().Length);
            stream.AsSpan(sent, count).CopyTo(reader.Room().Span);
            reader.Advance(count);
            sent += count;
            while (reader.TryTake(out ReadOnlyMemory<byte> frame, out IDisposable? owner))
            {
                taken.Add(frame.ToArray());
                owner!.Dispose();
            }
        }

        Assert.Equal(bodies, taken);
        Assert.Equal(0, reader.PendingBytes);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(MaxFrameBytes + 1)]
    [InlineData(int.MaxValue)]
    public void Length_ThatCannotBe_IsAFault(int length)
    {
        using FrameReader reader = new(MaxFrameBytes, budget: null);
        Send(reader, Prefix(length));

        Assert.False(reader.TryTake(out _, out _));
        Assert.Equal(length < 0 ? FrameFault.NegativeLength : FrameFault.TooLong, reader.Fault);
        Assert.Equal(length, reader.FaultyLength);
    }

    [Fact]
    public void Length_OfZero_IsAnEmptyFrame()
    {
        using FrameReader reader = new(MaxFrameBytes, budget: null);
        Send(reader, Prefix(0));

        Assert.True(reader.TryTake(out ReadOnlyMemory<byte> frame, out IDisposable? owner));
        Assert.True(frame.IsEmpty);
        owner!.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    [InlineData(300_000)]
    public void Length_ThatIsNotKept_CostsNoMemory(int sent)
    {
        using FrameReader reader = new(MaxFrameBytes, budget: null);
        Send(reader, Prefix(MaxFrameBytes));
        for (int i = 0; i < sent; i++)
        {
            Assert.InRange(reader.Room().Length, 1, LeastBytes + (MostGrowth * reader.PendingBytes));
            reader.Advance(1);
        }

        Assert.InRange(reader.Room().Length, 1, LeastBytes + (MostGrowth * reader.PendingBytes));
        Assert.False(reader.TryTake(out _, out _));
    }

    private static void Send(FrameReader reader, byte[] bytes)
    {
        bytes.CopyTo(reader.Room().Span);
        reader.Advance(bytes.Length);
    }

    private static byte[] Prefix(int length)
    {
        byte[] prefix = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(prefix, length);
        return prefix;
    }

    private static byte[] Framed(byte[] body) => [.. Prefix(body.Length), .. body];
}
