using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Protocol;

/// <summary>Requests as they travel: length, header, body.</summary>
public static class RequestFrame
{
    /// <summary>Records of this many bytes are sent from where they lie.</summary>
    public const int GatherThreshold = 4096;

    /// <summary>Key, version and correlation id.</summary>
    private const int FixedHeaderBytes = 8;

    /// <summary>Reads a frame that follows its 4-byte length. Bytes behind the body are ignored, as Kafka does.
    /// </summary>
    /// <param name="frame">Must outlive the body: its byte fields are slices.</param>
    /// <param name="header">As far as it could be read: key, version and correlation id are there for all errors but
    /// <see cref="WireFault.Truncated"/>.</param>
    /// <param name="body">The request; null on error.</param>
    /// <param name="strings">The connection's own cache, or null.</param>
    public static bool TryDecode(
        ReadOnlyMemory<byte> frame,
        out RequestHeader header,
        out IApiMessage? body,
        out short version,
        out WireError error,
        StringCache? strings = null)
    {
        var reader = new WireReader(frame, strings);
        header = new RequestHeader();
        body = null;
        ApiInfo? api = ReadHeader(ref reader, frame, header);
        version = header.RequestApiVersion;
        if (api is null)
        {
            reader.Fail(WireFault.UnknownMessage);
        }
        else if (frame.Length >= FixedHeaderBytes && !api.IsKnownVersion(version))
        {
            error = new WireError(WireFault.UnsupportedVersion, 0);
            return false;
        }
        else if (!reader.HasError)
        {
            body = MessageFactory.NewRequest(api.Key);
            body!.Read(ref reader, version);
        }

        error = reader.Error;
        body = reader.HasError ? null : body;
        return body is not null;
    }

    /// <summary>The frame with its length; the caller disposes it.</summary>
    /// <exception cref="UnsupportedFieldException">A field is set that this version cannot carry.</exception>
    public static EncodedFrame Encode(IApiMessage body, short version, int correlationId, string? clientId) =>
        Encode(
            new RequestHeader
            {
                RequestApiKey = (short)body.Key,
                RequestApiVersion = version,
                CorrelationId = correlationId,
                ClientId = clientId,
            },
            body);

    /// <summary>The frame with a header of the caller's own, whose key and version say how the body is written.
    /// </summary>
    public static EncodedFrame Encode(RequestHeader header, IApiMessage body)
    {
        ApiInfo api = ApiTable.Get(body.Key) ?? throw new ArgumentException("Not a request.", nameof(body));
        short version = header.RequestApiVersion;
        return EncodedFrame.Build(header, api.RequestHeaderVersion(version), body, version, GatherThreshold);
    }

    /// <summary>The header's version depends on key and version, which are its first fields.</summary>
    private static ApiInfo? ReadHeader(ref WireReader reader, ReadOnlyMemory<byte> frame, RequestHeader header)
    {
        var peek = new WireReader(frame);
        header.RequestApiKey = peek.ReadInt16();
        header.RequestApiVersion = peek.ReadInt16();
        header.CorrelationId = peek.ReadInt32();
        ApiInfo? api = ApiTable.Get((ApiKey)header.RequestApiKey);
        if (peek.HasError)
        {
            reader.Fail(WireFault.Truncated);
        }
        else if (api is not null)
        {
            header.Read(ref reader, api.RequestHeaderVersion(header.RequestApiVersion));
        }

        return api;
    }
}
