using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Broker.Network;

/// <summary>How long a connection still has to be quiet for its client's quotas (KIP-219).</summary>
/// <remarks>On the connection's strand, but for <see cref="IsMuted"/>.</remarks>
/// <param name="due">Called on any thread when the time may be over; the owner then asks <see cref="TryEnd"/>.</param>
internal sealed class PipelineMute(TimeProvider time, Action due) : IDisposable
{
    private ITimer? _timer;
    private long _untilMs;
    private bool _isDisposed;
    private volatile bool _isMuted;

    /// <summary>Any thread.</summary>
    public bool IsMuted => _isMuted;

    /// <summary>Quiet for so long from now on, or for as long as it was to be anyway.</summary>
    public void Extend(int ms)
    {
        long untilMs = time.MonotonicMs() + ms;
        if (ms <= 0 || _isDisposed || (_isMuted && untilMs <= _untilMs))
        {
            return;
        }

        _untilMs = untilMs;
        _isMuted = true;
        Arm(ms);
    }

    /// <summary>True when the quiet has just ended.</summary>
    public bool TryEnd()
    {
        if (!_isMuted || _isDisposed)
        {
            return false;
        }

        long leftMs = _untilMs - time.MonotonicMs();
        if (leftMs > 0)
        {
            Arm(leftMs);
            return false;
        }

        _isMuted = false;
        return true;
    }

    public void Dispose()
    {
        _isDisposed = true;
        _timer?.Dispose();
    }

    private void Arm(long ms)
    {
        _timer ??= time.CreateTimer(_ => due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(TimeSpan.FromMilliseconds(ms), Timeout.InfiniteTimeSpan);
    }
}
