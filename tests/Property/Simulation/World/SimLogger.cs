using Microsoft.Extensions.Logging;

namespace KRaftSharp.Tests.Property.Simulation.World;

/// <summary>
/// Puts a node's log lines into the timeline when the run is verbose. An error that nothing wrong with the disk
/// explains is a violation: code that logs one has met what it was not written for.
/// </summary>
internal sealed class SimLogger(SimWorld world, SimMachine machine, string category) : ILogger
{
    private readonly string _name = $"node {machine.Id}";
    private readonly string _category = category[(category.LastIndexOf('.') + 1)..];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) =>
        logLevel >= LogLevel.Error || (world.IsVerbose && logLevel >= LogLevel.Debug);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel) || !machine.IsRunning)
        {
            return;
        }

        string text = $"[{_category}] {formatter(state, exception)}{(exception is null ? "" : " " + exception)}";
        world.Say(_name, text);
        if (logLevel >= LogLevel.Error && !machine.Disk.HasFailed)
        {
            world.Violations.Add("no code fails", $"{_name}: {text}");
        }
    }
}
