using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Network;

/// <summary>A request on its way: encoded at the version that the caller would like best.</summary>
internal sealed class OutgoingCall(ApiKey key, int correlationId, long deadlineMs, Action<RpcReply> completion)
{
    private Action<RpcReply>? _completion = completion;

    public ApiKey Key => key;

    public int CorrelationId => correlationId;

    public long DeadlineMs => deadlineMs;

    public short Version { get; set; }

    /// <summary>The encoded request, length included; null once it was sent.</summary>
    public EncodedFrame? Frame { get; set; }

    public EncodedFrame TakeFrame()
    {
        EncodedFrame frame = Frame ?? throw new InvalidOperationException("Sent already");
        Frame = null;
        return frame;
    }

    /// <summary>Hands the reply over; a second one is dropped.</summary>
    public void Complete(RpcReply reply)
    {
        if (Interlocked.Exchange(ref _completion, null) is { } completion)
        {
            completion(reply);
        }
        else
        {
            reply.Dispose();
        }
    }

    /// <summary>Ends the call without an answer, never inside the caller's own call.</summary>
    public void Fail(RpcStatus status)
    {
        Frame?.Dispose();
        Frame = null;
        ThreadPool.UnsafeQueueUserWorkItem(
            static failure => failure.Call.Complete(new RpcReply(failure.Status, null, 0, null)),
            (Call: this, Status: status), preferLocal: true);
    }
}
