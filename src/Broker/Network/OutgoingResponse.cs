using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Network;

/// <summary>An encoded response and the buffers it refers to.</summary>
public sealed class OutgoingResponse(EncodedFrame frame, IReadOnlyList<IDisposable> buffers) : IDisposable
{
    private bool _isDisposed;

    /// <summary>The bytes, length included.</summary>
    public EncodedFrame Frame => frame;

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        frame.Dispose();
        foreach (IDisposable buffer in buffers)
        {
            buffer.Dispose();
        }
    }
}
