using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>Requests and responses as frames without their length, as they travel in the simulated network.</summary>
internal static class SimFrames
{
    public static byte[] EncodeRequest(IApiMessage request, short version, int correlationId, string clientId) =>
        Encode(
        new RequestHeader
        {
            RequestApiKey = (short)request.Key,
            RequestApiVersion = version,
            CorrelationId = correlationId,
            ClientId = clientId,
        },
        ApiTable.Get(request.Key)!.RequestHeaderVersion(version),
        request,
        version);

    public static byte[] EncodeResponse(IApiMessage response, short version, int correlationId) => Encode(
        new ResponseHeader { CorrelationId = correlationId },
        ApiTable.Get(response.Key)!.ResponseHeaderVersion(version),
        response,
        version);

    public static (IApiMessage Request, short Version, int CorrelationId) DecodeRequest(byte[] frame)
    {
        var key = (ApiKey)((frame[0] << 8) | frame[1]);
        short version = (short)((frame[2] << 8) | frame[3]);
        var header = new RequestHeader();
        IApiMessage request = MessageFactory.NewRequest(key)
            ?? throw new InvalidOperationException($"no request has the key {key}");
        Decode(frame, header, ApiTable.Get(key)!.RequestHeaderVersion(version), request, version);
        return (request, version, header.CorrelationId);
    }

    public static IApiMessage DecodeResponse(byte[] frame, ApiKey key, short version, int correlationId)
    {
        var header = new ResponseHeader();
        IApiMessage response = MessageFactory.NewResponse(key)
            ?? throw new InvalidOperationException($"no response has the key {key}");
        Decode(frame, header, ApiTable.Get(key)!.ResponseHeaderVersion(version), response, version);
        return header.CorrelationId == correlationId
            ? response
            : throw new InvalidOperationException($"answer to {header.CorrelationId}, expected {correlationId}");
    }

    /// <summary>A frame as a listener would send it, without its length.</summary>
    public static byte[] WithoutLength(EncodedFrame frame) => frame.ToArray()[sizeof(int)..];

    private static byte[] Encode(IMessage header, short headerVersion, IMessage body, short version)
    {
        var sizer = new WireSizer();
        header.AddSize(ref sizer, headerVersion);
        body.AddSize(ref sizer, version);
        byte[] frame = new byte[sizer.Total];
        var writer = new WireWriter(frame);
        header.Write(ref writer, headerVersion);
        body.Write(ref writer, version);
        return frame;
    }

    private static void Decode(byte[] frame, IMessage header, short headerVersion, IMessage body, short version)
    {
        var reader = new WireReader(frame);
        header.Read(ref reader, headerVersion);
        body.Read(ref reader, version);
        if (reader.HasError)
        {
            throw new InvalidOperationException($"a {body.GetType().Name} cannot be read: {reader.Error}");
        }
    }
}
