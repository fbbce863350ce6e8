using BenchmarkDotNet.Attributes;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Benchmarks;

/// <summary>What each produce request costs beyond its records: one topic, one partition, version 11.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private const short Version = 11;

    private readonly byte[] _request = MessageCodec.Encode(Request(), Version);
    private readonly byte[] _target = new byte[256];
    private readonly ProduceRequest _reused = new();
    private readonly ProduceResponse _response = Response();
    private readonly StringCache _strings = new();

    /// <summary>As a connection decodes it: new objects, names from the connection's cache.</summary>
    [Benchmark]
    public ProduceRequest DecodeProduce()
    {
        var reader = new WireReader(_request, _strings);
        var request = new ProduceRequest();
        request.Read(ref reader, Version);
        return request;
    }

    /// <summary>Over the objects of the request before.</summary>
    [Benchmark]
    public ProduceRequest DecodeProduceReused()
    {
        var reader = new WireReader(_request, _strings);
        _reused.Read(ref reader, Version);
        return _reused;
    }

    [Benchmark]
    public int EncodeProduceResponse()
    {
        var sizer = new WireSizer();
        _response.AddSize(ref sizer, Version);
        var writer = new WireWriter(_target.AsSpan(0, sizer.Total));
        _response.Write(ref writer, Version);
        return writer.Position;
    }

    /// <summary>With header, length and pooled buffer.</summary>
    [Benchmark]
    public int EncodeProduceResponseFrame()
    {
        using EncodedFrame frame = ResponseFrame.Encode(_response, Version, 7);
        return frame.Length;
    }

    private static ProduceRequest Request() => new()
    {
        Acks = -1,
        TimeoutMs = 30_000,
        TopicData =
        [
            new ProduceRequest.TopicProduceData
            {
                Name = "flights",
                PartitionData = [new ProduceRequest.PartitionProduceData { Index = 3, Records = new byte[1024] }],
            },
        ],
    };

    private static ProduceResponse Response() => new()
    {
        Responses =
        [
            new ProduceResponse.TopicProduceResponse
            {
                Name = "flights",
                PartitionResponses = [new ProduceResponse.PartitionProduceResponse { Index = 3, BaseOffset = 123456 }],
            },
        ],
    };
}
