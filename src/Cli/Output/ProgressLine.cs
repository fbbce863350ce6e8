using System.Diagnostics;
using System.Globalization;

namespace KRaftSharp.Cli.Output;

/// <summary>A bar on the error stream that is redrawn in place; nothing where that is no terminal.</summary>
internal sealed class ProgressLine(ToolConfiguration configuration) : IDisposable
{
    private const int BarCells = 24;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _drawnAt;
    private bool _isDrawn;

    /// <param name="done">Of <paramref name="total"/>.</param>
    /// <param name="total">Zero or less: unknown, so no bar.</param>
    /// <param name="words">What is said beside the bar.</param>
    public void Update(double done, double total, string words)
    {
        if (!configuration.IsErrorTerminal || (_drawnAt != 0 && Stopwatch.GetElapsedTime(_drawnAt) < Pause))
        {
            return;
        }

        _drawnAt = Stopwatch.GetTimestamp();
        _isDrawn = true;
        configuration.Error.Write($"\r\e[K{Fit(Line(done, total, words, Stopwatch.GetElapsedTime(_startedAt)))}");
        configuration.Error.Flush();
    }

    public void Dispose()
    {
        if (_isDrawn)
        {
            configuration.Error.Write("\r\e[K");
            _isDrawn = false;
        }
    }

    internal static string Line(double done, double total, string words, TimeSpan elapsed)
    {
        if (total <= 0)
        {
            return words;
        }

        double part = Math.Clamp(done / total, 0, 1);
        int full = (int)(part * BarCells);
        string rest = part is > 0.01 and < 1
            ? $"  {Quantities.Duration(elapsed / part * (1 - part))} left"
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{new string('█', full)}{new string('░', BarCells - full)} {part * 100,3:0}%  {words}{rest}");
    }

    // A line that wraps could not be redrawn.
    private string Fit(string line) => line.Length < configuration.Width ? line : line[..(configuration.Width - 1)];
}
