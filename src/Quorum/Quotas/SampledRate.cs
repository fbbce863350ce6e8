namespace KRaftSharp.Quorum.Quotas;

/// <summary>A rate a second over the last windows, measured as Kafka measures it.</summary>
/// <remarks>Pure: the caller brings the time, which must not go back. Not thread-safe.</remarks>
/// <param name="isFullFromStart">
/// Whether all windows but the last count as past from the start, so that a first burst is not taken for a high rate:
/// for clients, not for replication.
/// </param>
public sealed class SampledRate(QuotaWindows windows, bool isFullFromStart = true)
{
    // One more than is measured: the oldest may overlap the beginning of the measured time.
    private readonly Sample[] _samples = new Sample[windows.Count + 1];
    private int _count;
    private int _current;

    /// <summary>Adds <paramref name="value"/>; a negative one takes back what was added.</summary>
    public void Record(double value, long nowMs)
    {
        if (_count == 0)
        {
            _samples[0] = new Sample(nowMs);
            _count = 1;
        }
        else if (nowMs - _samples[_current].StartMs >= windows.LengthMs)
        {
            _current = (_current + 1) % _samples.Length;
            _count = Math.Max(_count, _current + 1);
            _samples[_current] = new Sample(nowMs);
        }

        _samples[_current].Sum += value;
        _samples[_current].LastMs = nowMs;
    }

    /// <summary>A second.</summary>
    public double Rate(long nowMs)
    {
        double seconds = WindowMs(nowMs) / 1000.0;
        double sum = 0;
        for (int i = 0; i < _count; i++)
        {
            sum += _samples[i].Sum;
        }

        return sum / seconds;
    }

    /// <summary>The time that <see cref="Rate"/> divides by, in milliseconds.</summary>
    public long WindowMs(long nowMs)
    {
        long oldestMs = nowMs;
        for (int i = 0; i < _count; i++)
        {
            if (nowMs - _samples[i].LastMs >= windows.Count * windows.LengthMs)
            {
                _samples[i] = new Sample(nowMs);
            }

            oldestMs = Math.Min(oldestMs, _samples[i].StartMs);
        }

        long elapsedMs = nowMs - oldestMs;
        if (!isFullFromStart)
        {
            return Math.Max(elapsedMs, windows.LengthMs);
        }

        long missing = windows.Count - 1 - (elapsedMs / windows.LengthMs);
        return Math.Max(1, elapsedMs + (Math.Max(0, missing) * windows.LengthMs));
    }

    private struct Sample(long startMs)
    {
        public readonly long StartMs = startMs;
        public long LastMs = startMs;
        public double Sum;
    }
}
