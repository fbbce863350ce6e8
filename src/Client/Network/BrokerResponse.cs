using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Network;

/// <summary>What became of a request. Byte fields of the message live in a pooled buffer until this is
/// disposed.</summary>
public sealed class BrokerResponse(
    ResponseStatus status, IApiMessage? message, short version, string? reason, IDisposable? buffer) : IDisposable
{
    private IDisposable? _buffer = buffer;

    public ResponseStatus Status => status;

    /// <summary>The decoded answer; null unless <see cref="Status"/> is <see cref="ResponseStatus.Ok"/>, and for
    /// requests without an answer.</summary>
    public IApiMessage? Message => message;

    /// <summary>The version that was negotiated; meaningless unless Ok.</summary>
    public short Version => version;

    /// <summary>Why there is no answer, for people.</summary>
    public string? Reason => reason;

    /// <summary>The code that stands for a request without an answer.</summary>
    public ErrorCode TransportError => status switch
    {
        ResponseStatus.Ok => ErrorCode.None,
        ResponseStatus.TimedOut => ErrorCode.RequestTimedOut,
        ResponseStatus.AuthenticationFailed => ErrorCode.SaslAuthenticationFailed,
        ResponseStatus.UnsupportedVersion => ErrorCode.UnsupportedVersion,
        _ => ErrorCode.NetworkException,
    };

    public void Dispose() => Interlocked.Exchange(ref _buffer, null)?.Dispose();

    internal static BrokerResponse Failed(ResponseStatus status, string? reason) =>
        new(status, null, -1, reason, null);
}
