using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Protocol;

public sealed class FrameTests
{
    [Fact]
    public void Request_WithAnUnknownVersion_StillTellsKeyAndCorrelation()
    {
        // ApiVersions 99, correlation 7, client "abc", no tags.
        byte[] frame = [0, 18, 0, 99, 0, 0, 0, 7, 0, 3, 97, 98, 99, 0, 1, 2, 3];

        bool decoded = RequestFrame.TryDecode(
            frame, out RequestHeader header, out IApiMessage? body, out short version, out WireError error);

        Assert.False(decoded);
        Assert.Null(body);
        Assert.Equal(WireFault.UnsupportedVersion, error.Fault);
        Assert.Equal((18, 99, 7, "abc"), (header.RequestApiKey, version, header.CorrelationId, header.ClientId));
    }

    [Theory]
    [InlineData("0012", WireFault.Truncated)]
    [InlineData("0004000000000001ffff", WireFault.UnknownMessage)]
    [InlineData("7fff000000000001ffff", WireFault.UnknownMessage)]
    [InlineData("0000000300000001ffff", WireFault.Truncated)]
    public void Request_ThatIsNone_IsAnErrorValue(string hex, WireFault fault)
    {
        Assert.False(RequestFrame.TryDecode(
            Convert.FromHexString(hex), out _, out IApiMessage? body, out _, out WireError error));
        Assert.Equal(fault, error.Fault);
        Assert.Null(body);
    }

    [Fact]
    public void Response_WithLargeRecords_IsSentWithoutCopyingThem()
    {
        byte[] large = new byte[RequestFrame.GatherThreshold];
        byte[] small = [1, 2, 3];
        large[^1] = 9;
        FetchResponse response = ResponseOf(large, small, large);

        using EncodedFrame frame = ResponseFrame.Encode(response, FetchResponse.HighestVersion, 42);

        Assert.Equal(5, frame.SegmentCount);
        Assert.True(frame[1].Equals(large.AsMemory()) && frame[3].Equals(large.AsMemory()));
        byte[] bytes = frame.ToArray();
        Assert.Equal(frame.Length - sizeof(int), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes));
        Assert.True(ResponseFrame.TryDecode(
            bytes.AsMemory(sizeof(int)), ApiKey.Fetch, FetchResponse.HighestVersion, out _,
            out IApiMessage? read, out _));
        Assert.Equal(
            [large, small, large],
            ((FetchResponse)read!).Responses[0].Partitions.Select(partition => partition.Records!.Value.ToArray()));
    }

    [Fact]
    public void Frame_AfterDisposal_GivesNothing()
    {
        EncodedFrame frame = RequestFrame.Encode(new ApiVersionsRequest(), 0, 1, null);
        frame.Dispose();
        frame.Dispose();

        Assert.Throws<ObjectDisposedException>(() => frame[0]);
    }

    [Fact]
    public void Strings_FromOneCache_AreMadeOnce()
    {
        var request = new ProduceRequest { TopicData = [new ProduceRequest.TopicProduceData { Name = "orders" }] };
        byte[] bytes = MessageCodec.Encode(request, 9);
        var cache = new StringCache();

        Assert.Same(NameIn(bytes, cache), NameIn(bytes, cache));
        Assert.NotSame(NameIn(bytes, null), NameIn(bytes, null));
    }

    private static string NameIn(byte[] bytes, StringCache? cache)
    {
        var reader = new WireReader(bytes, cache);
        var request = new ProduceRequest();
        request.Read(ref reader, 9);
        return request.TopicData[0].Name;
    }

    private static FetchResponse ResponseOf(params byte[][] records)
    {
        var topic = new FetchResponse.FetchableTopicResponse();
        foreach (byte[] part in records)
        {
            topic.Partitions.Add(new FetchResponse.PartitionData { Records = part });
        }

        return new FetchResponse { Responses = [topic] };
    }
}
