using System.Diagnostics;

namespace KRaftSharp.Chaos.Load;

/// <summary>Lets so many through a second; what was missed while nothing went is not caught up with.</summary>
internal sealed class Pacer(int perSecond)
{
    private const int TickMs = 10;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _allowance;
    private double _lastMs;

    public async ValueTask NextAsync(CancellationToken cancellation)
    {
        while (_allowance < 1)
        {
            await Task.Delay(TickMs, cancellation);
            double nowMs = _clock.Elapsed.TotalMilliseconds;
            _allowance = Math.Min(_allowance + ((nowMs - _lastMs) * perSecond / 1000), perSecond / 5.0 + 1);
            _lastMs = nowMs;
        }

        _allowance--;
    }
}
