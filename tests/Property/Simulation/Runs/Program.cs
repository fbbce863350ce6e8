namespace KRaftSharp.Tests.Property.Simulation.Runs;

/// <summary>The test assembly run by itself is the simulator.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => new SimulateCommand(Console.Out).Run(arguments);
}
