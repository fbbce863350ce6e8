using System.Globalization;
using System.Text;
using KRaftSharp.Broker.Config;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Hosting;

/// <summary>Writes log messages as lines: time, level, message, category. No reflection, no thread.</summary>
public sealed class LineLoggerFactory(TextWriter output, LogLevels levels, TimeProvider time) : ILoggerFactory
{
    private readonly Lock _lock = new();

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName, levels.For(categoryName));

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("Lines go to one place only");

    public void Dispose() => output.Flush();

    private void Write(LogLevel level, string category, string message, Exception? error)
    {
        StringBuilder line = new(128);
        line.Append(CultureInfo.InvariantCulture, $"[{time.GetLocalNow():yyyy-MM-dd HH:mm:ss.fff}] ");
        line.Append(LogLevels.NameOf(level)).Append(' ').Append(message).Append(" (").Append(category).Append(')');
        if (error is not null)
        {
            line.AppendLine().Append(error);
        }

        lock (_lock)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private sealed class LineLogger(LineLoggerFactory factory, string category, LogThreshold threshold) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= threshold.Level && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                factory.Write(logLevel, category, formatter(state, exception), exception);
            }
        }
    }
}
