using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Config;

/// <summary>The least level that one logger writes; any thread may ask at any time.</summary>
public sealed class LogThreshold
{
    private volatile int _level;

    internal LogThreshold(LogLevel level) => Level = level;

    public LogLevel Level
    {
        get => (LogLevel)_level;
        internal set => _level = (int)value;
    }
}
