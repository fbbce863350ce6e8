using Microsoft.Extensions.Logging;

namespace KRaftSharp.Tests.Property.Simulation.World;

/// <summary>Loggers of one machine's processes.</summary>
internal sealed class SimLoggerFactory(SimMachine machine, SimWorld world) : ILoggerFactory
{
    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => new SimLogger(world, machine, categoryName);

    public void Dispose()
    {
    }
}
