using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Coordination;

/// <summary>Decisions of one shard whose records wait for the high watermark, in order. Strand-owned.</summary>
internal sealed class CommitQueue : IDisposable
{
    private readonly Queue<Entry> _waiting = [];
    private readonly TimeProvider _time;
    private readonly long _timeoutMs;
    private readonly ITimer _timer;

    public CommitQueue(TimeProvider time, long timeoutMs, Action expired)
    {
        _time = time;
        _timeoutMs = timeoutMs;
        _timer = time.CreateTimer(_ => expired(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <param name="offset">The high watermark at which the decision is committed.</param>
    public void Add(long offset, Decision decision, Action<ErrorCode> failed)
    {
        _waiting.Enqueue(new Entry(offset, decision, failed, _time.MonotonicMs() + _timeoutMs));
        if (_waiting.Count == 1)
        {
            _timer.Change(TimeSpan.FromMilliseconds(_timeoutMs), Timeout.InfiniteTimeSpan);
        }
    }

    public void Release(long highWatermark)
    {
        bool any = false;
        while (_waiting.TryPeek(out Entry? first) && first.Offset <= highWatermark)
        {
            any = true;
            _waiting.Dequeue();
            first.Decision.Committed?.Invoke();
        }

        if (any)
        {
            Arm();
        }
    }

    /// <summary>Gives up on what has waited too long; its records may still be committed later.</summary>
    public void Expire()
    {
        long now = _time.MonotonicMs();
        while (_waiting.TryPeek(out Entry? first) && first.DeadlineMs <= now)
        {
            _waiting.Dequeue();
            first.Failed(ErrorCode.RequestTimedOut);
        }

        Arm();
    }

    public void Dispose()
    {
        _timer.Dispose();
        _waiting.Clear();
    }

    private void Arm()
    {
        TimeSpan due = _waiting.TryPeek(out Entry? first)
            ? TimeSpan.FromMilliseconds(Math.Max(1, first.DeadlineMs - _time.MonotonicMs()))
            : Timeout.InfiniteTimeSpan;
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private sealed record Entry(long Offset, Decision Decision, Action<ErrorCode> Failed, long DeadlineMs);
}
