using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Transport;

/// <summary>
/// What became of a request. Byte fields of the response live in a pooled buffer until this is disposed.
/// </summary>
public sealed class RpcReply(RpcStatus status, IApiMessage? response, short version, IDisposable? buffer) : IDisposable
{
    private IDisposable? _buffer = buffer;

    public RpcStatus Status => status;

    /// <summary>The decoded response; null unless <see cref="Status"/> is <see cref="RpcStatus.Ok"/>.</summary>
    public IApiMessage? Response => response;

    /// <summary>The version that was negotiated; meaningless unless Ok.</summary>
    public short Version => version;

    public void Dispose() => Interlocked.Exchange(ref _buffer, null)?.Dispose();
}
