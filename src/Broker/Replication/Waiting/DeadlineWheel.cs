using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Broker.Replication.Waiting;

/// <summary>All deadlines of parked requests, by one timer that sleeps when nothing is due.</summary>
/// <remarks>
/// Deadlines are rounded up to <see cref="SlotMs"/>. Waiters that were answered before stay until their slot comes, or
/// until they are as many as the others.
/// </remarks>
internal sealed class DeadlineWheel : IDisposable
{
    private const int SlotMs = 5;
    private const int SlotCount = 1024;
    private const int LeastSweepCount = 4096;

    private readonly Strand _strand = new();
    private readonly List<Entry>[] _slots = new List<Entry>[SlotCount];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _nextSlot;
    private long _armedSlot = long.MaxValue;
    private int _count;
    private int _sweepCount = LeastSweepCount;
    private bool _disposed;

    public DeadlineWheel(TimeProvider time)
    {
        _time = time;
        for (int i = 0; i < SlotCount; i++)
        {
            _slots[i] = [];
        }

        _nextSlot = time.MonotonicMs() / SlotMs;
        _timer = time.CreateTimer(
            static state =>
            {
                var wheel = (DeadlineWheel)state!;
                wheel._strand.Post(wheel.Turn);
            },
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Any thread. The waiter's <see cref="IWaiter.Expire"/> is called unless it is done by then.</summary>
    public void Add(IWaiter waiter, long dueMs) =>
        _strand.Post(static (wheel, entry) => ((DeadlineWheel)wheel!).Insert((Entry)entry!), this,
            new Entry(waiter, (dueMs + SlotMs - 1) / SlotMs));

    public void Dispose() => _strand.Post(() =>
    {
        _disposed = true;
        _timer.Dispose();
    });

    private void Insert(Entry entry)
    {
        if (_disposed || entry.Waiter.IsDone)
        {
            return;
        }

        if (_count == 0)
        {
            _nextSlot = Math.Max(_nextSlot, _time.MonotonicMs() / SlotMs);
        }

        if (_count >= _sweepCount)
        {
            Sweep();
        }

        long slot = Math.Max(entry.Slot, _nextSlot);
        _slots[slot % SlotCount].Add(entry);
        _count++;
        if (slot < _armedSlot)
        {
            Arm(slot);
        }
    }

    private void Turn()
    {
        if (_disposed)
        {
            return;
        }

        long now = _time.MonotonicMs() / SlotMs;
        List<IWaiter> due = [];
        for (long slot = _nextSlot; slot <= now && slot < _nextSlot + SlotCount; slot++)
        {
            List<Entry> entries = _slots[slot % SlotCount];
            int kept = 0;
            for (int i = 0; i < entries.Count; i++)
            {
                Entry entry = entries[i]; // no foreach: what is kept moves forward in the same list
                if (entry.Waiter.IsDone)
                {
                    continue;
                }

                if (entry.Slot <= now)
                {
                    due.Add(entry.Waiter);
                }
                else
                {
                    entries[kept++] = entry;
                }
            }

            _count -= entries.Count - kept;
            entries.RemoveRange(kept, entries.Count - kept);
        }

        _nextSlot = now;
        ArmNext();
        foreach (IWaiter waiter in due)
        {
            waiter.Expire();
        }
    }

    private void Sweep()
    {
        _count = 0;
        foreach (List<Entry> entries in _slots)
        {
            entries.RemoveAll(static entry => entry.Waiter.IsDone);
            _count += entries.Count;
        }

        _sweepCount = Math.Max(LeastSweepCount, 2 * _count);
    }

    private void ArmNext()
    {
        _armedSlot = long.MaxValue;
        for (long slot = _nextSlot; _count > 0 && slot < _nextSlot + SlotCount; slot++)
        {
            if (_slots[slot % SlotCount].Count > 0)
            {
                Arm(slot);
                return;
            }
        }
    }

    private void Arm(long slot)
    {
        _armedSlot = slot;
        long delayMs = Math.Max(1, (slot * SlotMs) - _time.MonotonicMs());
        _timer.Change(TimeSpan.FromMilliseconds(delayMs), Timeout.InfiniteTimeSpan);
    }

    private sealed class Entry(IWaiter waiter, long slot)
    {
        public IWaiter Waiter => waiter;

        public long Slot => slot;
    }
}
