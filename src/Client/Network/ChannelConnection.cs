using System.Buffers.Binary;
using System.Runtime.InteropServices;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Network;

/// <summary>One connection that is ready for requests: what the broker speaks, and the bytes to be written
/// next.</summary>
internal sealed class ChannelConnection : IDisposable
{
    private readonly NegotiatedVersions _versions;
    private readonly string _clientId;
    private readonly List<EncodedFrame> _frames = [];
    private readonly List<ArraySegment<byte>> _segments = [];

    private ChannelConnection(SocketLink link, NegotiatedVersions versions, string clientId, long lifetimeMs)
    {
        LifetimeMs = lifetimeMs;
        Link = link;
        _versions = versions;
        _clientId = clientId;
    }

    public SocketLink Link { get; }

    /// <summary>How long the broker believes who we are; 0: for ever (KIP-368).</summary>
    public long LifetimeMs { get; }

    /// <summary>Something waits for <see cref="FlushAsync"/>.</summary>
    public bool HasEncoded => _frames.Count > 0;

    /// <summary>Asks the broker what it speaks and proves who we are; nothing else may be sent before.</summary>
    public static async Task<ChannelConnection> NegotiateAsync(
        SocketLink link, ClientOptions options, CancellationToken cancellation)
    {
        NegotiatedVersions versions = new(await AskVersionsAsync(link, options));
        long lifetimeMs = options.UsesSasl
            ? await SaslLogin.RunAsync(
                (request, version) => ExchangeAsync(link, request, version, options.ClientId), versions, options.Sasl!,
                cancellation)
            : 0;
        return new ChannelConnection(link, versions, options.ClientId, lifetimeMs);
    }

    private static async Task<ApiVersionsResponse> AskVersionsAsync(SocketLink link, ClientOptions options)
    {
        short version = ApiTable.Get(ApiKey.ApiVersions)!.HighestVersion;
        while (true)
        {
            ApiVersionsRequest request = new()
            {
                ClientSoftwareName = "kraftsharp",
                ClientSoftwareVersion = typeof(ChannelConnection).Assembly.GetName().Version?.ToString(3) ?? "0",
            };
            using (EncodedFrame encoded = RequestFrame.Encode(request, version, 0, options.ClientId))
            {
                List<ArraySegment<byte>> segments = [];
                AddSegments(encoded, segments);
                await link.SendAsync(segments);
            }

            using FrameBytes frame = await link.ReceiveAsync()
                ?? throw new InvalidDataException("the connection was closed before the first answer");
            // A broker that does not know the version answers in version 0 (KIP-35).
            bool isRefusal = IsRefusal(frame.Memory.Span);
            if (Parse(frame.Memory, ApiKey.ApiVersions, isRefusal ? (short)0 : version, 0)
                is not ApiVersionsResponse answer)
            {
                throw new InvalidDataException("the answer to ApiVersions cannot be read: is this a Kafka listener?");
            }

            if (!isRefusal)
            {
                return answer.ErrorCode == ErrorCode.None
                    ? answer
                    : throw new InvalidDataException($"ApiVersions: {ErrorCodes.Message(answer.ErrorCode)}");
            }

            short theirs = answer.ApiKeys.Find(api => (ApiKey)api.ApiKey == ApiKey.ApiVersions)?.MaxVersion ?? 0;
            if (version == 0)
            {
                throw new InvalidDataException("the broker refuses every version of ApiVersions");
            }

            version = Math.Min(theirs, (short)(version - 1));
        }
    }

    // Before the connection is ready: one request, then its answer.
    private static async Task<IApiMessage> ExchangeAsync(
        SocketLink link, IApiMessage request, short version, string clientId)
    {
        using (EncodedFrame encoded = RequestFrame.Encode(request, version, 0, clientId))
        {
            List<ArraySegment<byte>> segments = [];
            AddSegments(encoded, segments);
            await link.SendAsync(segments);
        }

        // Not given back: the answer refers to it.
        FrameBytes frame = await link.ReceiveAsync()
            ?? throw new InvalidDataException($"the connection was closed during {request.Key}");
        return Parse(frame.Memory, request.Key, version, 0)
            ?? throw new InvalidDataException($"the answer to {request.Key} v{version} cannot be read");
    }

    /// <summary>Adds a request to what is written next; false when it cannot be sent here, and has ended.</summary>
    public bool TryEncode(PendingCall call)
    {
        ApiKey key = call.Request.Key;
        if (!_versions.TryChoose(key, call.Versions, out short version))
        {
            call.End(BrokerResponse.Failed(ResponseStatus.UnsupportedVersion, _versions.Explain(key)));
            return false;
        }

        try
        {
            EncodedFrame frame = RequestFrame.Encode(call.Request, version, call.CorrelationId, _clientId);
            call.Version = version;
            _frames.Add(frame);
            AddSegments(frame, _segments);
            return true;
        }
        catch (UnsupportedFieldException error)
        {
            call.End(BrokerResponse.Failed(ResponseStatus.UnsupportedVersion, error.Message));
            return false;
        }
    }

    /// <summary>Writes everything encoded; returns when the system has taken it.</summary>
    public async ValueTask FlushAsync()
    {
        try
        {
            await Link.SendAsync(_segments);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Decodes the answer to a request; the frame is the response's, or given back.</summary>
    public static BrokerResponse Decode(PendingCall call, FrameBytes frame)
    {
        if (Parse(frame.Memory, call.Request.Key, call.Version, call.CorrelationId) is { } message)
        {
            return new BrokerResponse(ResponseStatus.Ok, message, call.Version, null, frame);
        }

        frame.Dispose();
        return BrokerResponse.Failed(
            ResponseStatus.Disconnected, $"the answer to {call.Request.Key} v{call.Version} cannot be read");
    }

    /// <summary>Gives the encoded frames' buffers back.</summary>
    public void Dispose()
    {
        _frames.ForEach(frame => frame.Dispose());
        _frames.Clear();
        _segments.Clear();
    }

    private static bool IsRefusal(ReadOnlySpan<byte> frame)
    {
        const int errorAt = sizeof(int);
        return frame.Length >= errorAt + sizeof(short)
            && (ErrorCode)BinaryPrimitives.ReadInt16BigEndian(frame[errorAt..]) == ErrorCode.UnsupportedVersion;
    }

    /// <summary>The answer; null when it is not the one to this request, or makes no sense.</summary>
    private static IApiMessage? Parse(ReadOnlyMemory<byte> frame, ApiKey key, short version, int correlationId) =>
        ResponseFrame.TryDecode(frame, key, version, out ResponseHeader header, out IApiMessage? body, out _)
        && header.CorrelationId == correlationId
            ? body
            : null;

    private static void AddSegments(EncodedFrame frame, List<ArraySegment<byte>> segments)
    {
        for (int i = 0; i < frame.SegmentCount; i++)
        {
            ReadOnlyMemory<byte> piece = frame[i];
            segments.Add(MemoryMarshal.TryGetArray(piece, out ArraySegment<byte> array) ? array : piece.ToArray());
        }
    }
}
