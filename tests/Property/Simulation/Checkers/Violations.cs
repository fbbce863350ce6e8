namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>Broken invariants of one run, by the name of the property; the first is the one to look at.</summary>
internal sealed class Violations
{
    private readonly List<string> _found = [];

    public IReadOnlyList<string> Found => _found;

    public void Add(string property, string what) => _found.Add($"{property}: {what}");

    public void Require(bool condition, string property, Func<string> what)
    {
        if (!condition)
        {
            Add(property, what());
        }
    }
}
