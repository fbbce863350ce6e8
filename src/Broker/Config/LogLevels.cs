using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Config;

/// <summary>
/// The loggers of this process and the level of each, which may be changed while it runs (KIP-412). A level holds for
/// a logger and for those below it (their names go on after a dot) that have none of their own.
/// </summary>
/// <remarks>Thread-safe. What was changed is forgotten when the process ends, as in Kafka.</remarks>
/// <param name="root">The level of everything that is not given another one.</param>
public sealed class LogLevels(LogLevel root = LogLevel.Information)
{
    /// <summary>The name of the logger above all others.</summary>
    public const string Root = "root";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, LogThreshold> _loggers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LogLevel> _own = new(StringComparer.Ordinal) { [Root] = root };

    /// <summary>The names that a level may have, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["DEBUG", "ERROR", "FATAL", "INFO", "TRACE", "WARN"];

    /// <summary>Every logger with the name of the level in force, in the order of names, the root included.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All
    {
        get
        {
            lock (_lock)
            {
                return
                [
                    .. _loggers.Select(entry => KeyValuePair.Create(entry.Key, NameOf(entry.Value.Level)))
                        .Append(KeyValuePair.Create(Root, NameOf(_own[Root])))
                        .OrderBy(entry => entry.Key, StringComparer.Ordinal),
                ];
            }
        }
    }

    /// <summary>What a log line shows.</summary>
    public static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    /// <summary>Null where there is no such level; upper case only, as in Kafka.</summary>
    public static LogLevel? Parse(string? name) => name switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "INFO" => LogLevel.Information,
        "WARN" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" => LogLevel.Critical,
        _ => null,
    };

    /// <summary>The threshold of a logger, which follows every later change; the logger is known from then on.
    /// </summary>
    public LogThreshold For(string logger)
    {
        lock (_lock)
        {
            if (!_loggers.TryGetValue(logger, out LogThreshold? threshold))
            {
                threshold = new LogThreshold(InForce(logger));
                _loggers.Add(logger, threshold);
            }

            return threshold;
        }
    }

    public bool Exists(string logger)
    {
        lock (_lock)
        {
            return logger == Root || _loggers.ContainsKey(logger);
        }
    }

    public void Set(string logger, LogLevel level)
    {
        lock (_lock)
        {
            _own[logger] = level;
            Refresh();
        }
    }

    /// <summary>Back to the level of what is above it. The root keeps its own.</summary>
    public void Unset(string logger)
    {
        lock (_lock)
        {
            if (logger != Root && _own.Remove(logger))
            {
                Refresh();
            }
        }
    }

    private void Refresh()
    {
        foreach ((string name, LogThreshold threshold) in _loggers)
        {
            threshold.Level = InForce(name);
        }
    }

    private LogLevel InForce(string logger)
    {
        for (string name = logger; ; name = name[..name.LastIndexOf('.')])
        {
            if (_own.TryGetValue(name, out LogLevel level))
            {
                return level;
            }

            if (!name.Contains('.', StringComparison.Ordinal))
            {
                return _own[Root];
            }
        }
    }
}
