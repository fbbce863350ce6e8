using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Network;

/// <summary>One request under way: who asked, at which version, and what to give back once it is answered.</summary>
public sealed class RequestContext(
    ConnectionContext connection, RequestHeader header, short version, long receivedAtMs, ReceiveBatch batch)
{
    private IDisposable? _requestBuffer;
    private List<IDisposable>? _afterSend;

    public ConnectionContext Connection => connection;

    public RequestHeader Header => header;

    public short Version => version;

    /// <summary>Empty where the client sent none.</summary>
    public string ClientId => header.ClientId ?? "";

    public long ConnectionId => connection.Id;

    public string ListenerName => connection.ListenerName;

    public string ClientHost => connection.ClientHost;

    public string Principal => connection.Principal;

    public string User => connection.User;

    /// <summary>When the request came, on the monotonic clock, in milliseconds.</summary>
    public long ReceivedAtMs => receivedAtMs;

    /// <summary>The requests that came in the same receive.</summary>
    public ReceiveBatch Batch => batch;

    /// <summary>Disposes <paramref name="buffer"/> when the response has been sent or dropped.</summary>
    public void OnResponseSent(IDisposable buffer) => (_afterSend ??= []).Add(buffer);

    /// <summary>The request's byte fields are read no more; a handler may say so early, once.</summary>
    public void ReleaseRequest() => Interlocked.Exchange(ref _requestBuffer, null)?.Dispose();

    /// <summary>Closes the connection once this request is through; to be called before it is answered.</summary>
    public void CloseConnection() => ClosesConnection = true;

    /// <summary>What other brokers ask for is not counted against the quotas of clients.</summary>
    public void ExemptFromQuotas() => IsExemptFromQuotas = true;

    internal bool ClosesConnection { get; private set; }

    internal bool IsExemptFromQuotas { get; private set; }

    internal void Hold(IDisposable? requestBuffer) => _requestBuffer = requestBuffer;

    /// <summary>What the response carries along; from then on the response is the owner.</summary>
    internal IReadOnlyList<IDisposable> TakeBuffers()
    {
        IReadOnlyList<IDisposable> buffers = _afterSend ?? (IReadOnlyList<IDisposable>)[];
        _afterSend = null;
        return buffers;
    }

    internal void ReturnBuffers()
    {
        foreach (IDisposable buffer in TakeBuffers())
        {
            buffer.Dispose();
        }
    }
}
