using Microsoft.Extensions.Logging;

namespace KRaftSharp.Tests.Property.Simulation.World;

/// <summary>Puts a node's log lines into the timeline: warnings always, everything when the run is verbose.</summary>
internal sealed class SimLogger(SimWorld world, int nodeId, string category) : ILogger
{
    private readonly string _name = $"node {nodeId}";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => world.IsVerbose && logLevel >= LogLevel.Debug;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            world.Say(_name, $"[{category}] {formatter(state, exception)}{(exception is null ? "" : " " + exception)}");
        }
    }
}
