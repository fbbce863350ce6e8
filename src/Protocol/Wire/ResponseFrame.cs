using System.Buffers.Binary;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Protocol;

/// <summary>Responses as they travel: length, header, body.</summary>
public static class ResponseFrame
{
    /// <summary>The number that ties a response to its request; 0 where the frame is too short to have one.</summary>
    public static int CorrelationIdOf(ReadOnlySpan<byte> frame) =>
        frame.Length < sizeof(int) ? 0 : BinaryPrimitives.ReadInt32BigEndian(frame);

    /// <summary>Reads a frame that follows its 4-byte length. Bytes behind the body are ignored, as Kafka does.
    /// </summary>
    /// <param name="frame">Must outlive the body: its byte fields are slices.</param>
    /// <param name="key">What was asked.</param>
    /// <param name="version">The version in which it was asked.</param>
    public static bool TryDecode(
        ReadOnlyMemory<byte> frame,
        ApiKey key,
        short version,
        out ResponseHeader header,
        out IApiMessage? body,
        out WireError error,
        StringCache? strings = null)
    {
        var reader = new WireReader(frame, strings);
        header = new ResponseHeader();
        body = null;
        ApiInfo? api = ApiTable.Get(key);
        if (api is null || !api.IsKnownVersion(version))
        {
            reader.Fail(api is null ? WireFault.UnknownMessage : WireFault.UnsupportedVersion);
        }
        else
        {
            header.Read(ref reader, api.ResponseHeaderVersion(version));
            body = MessageFactory.NewResponse(key);
            body!.Read(ref reader, version);
        }

        error = reader.Error;
        body = reader.HasError ? null : body;
        return body is not null;
    }

    /// <summary>The frame with its length; the caller disposes it. Large records stay where they lie and must live
    /// until then.</summary>
    /// <exception cref="UnsupportedFieldException">A field is set that this version cannot carry.</exception>
    public static EncodedFrame Encode(IApiMessage body, short version, int correlationId) =>
        Encode(new ResponseHeader { CorrelationId = correlationId }, body, version);

    /// <summary>The frame with a header of the caller's own.</summary>
    public static EncodedFrame Encode(ResponseHeader header, IApiMessage body, short version)
    {
        ApiInfo api = ApiTable.Get(body.Key) ?? throw new ArgumentException("Not a response.", nameof(body));
        return EncodedFrame.Build(
            header, api.ResponseHeaderVersion(version), body, version, RequestFrame.GatherThreshold);
    }
}
