using System.Globalization;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Tests.Property.Simulation.Clock;

namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>
/// Hosts and the links between them. Connections keep the order of their frames, as TCP does; across connections
/// anything may overtake anything, and a request whose sender gave up long ago may still arrive.
/// </summary>
internal sealed class SimNetwork(SimScheduler scheduler, Prng chance)
{
    private const string NamePrefix = "sim-";
    private readonly SortedDictionary<int, SimHost> _hosts = [];
    private readonly Dictionary<(int From, int To), SimLink> _links = [];

    public SimScheduler Scheduler => scheduler;

    public Prng Chance => chance;

    public IEnumerable<int> HostIds => _hosts.Keys;

    public SimHost Host(int id)
    {
        if (!_hosts.TryGetValue(id, out SimHost? host))
        {
            _hosts.Add(id, host = new SimHost(id));
        }

        return host;
    }

    /// <summary>Hosts are named "sim-ID".</summary>
    public SimHost? Find(string name) =>
        name.StartsWith(NamePrefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(NamePrefix.Length), CultureInfo.InvariantCulture, out int id)
        && _hosts.TryGetValue(id, out SimHost? host)
            ? host
            : null;

    public static string NameOf(int id) => string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}{id}");

    public SimLink Link(int from, int to)
    {
        if (!_links.TryGetValue((from, to), out SimLink? link))
        {
            _links.Add((from, to), link = new SimLink());
        }

        return link;
    }

    public bool IsAnyBlocked => _links.Values.Any(link => link.IsBlocked);

    public bool IsBlocked(int from, int to) => from != to && Link(from, to).IsBlocked;

    /// <summary>Draws the time that a frame takes.</summary>
    public long DrawDelayTicks(int from, int to)
    {
        if (from == to)
        {
            return chance.Between(10, 100) * TimeSpan.TicksPerMicrosecond;
        }

        SimLink link = Link(from, to);
        long ticks = chance.Between(link.Delay.LeastUs, link.Delay.MostUs) * TimeSpan.TicksPerMicrosecond;
        if (link.StallsPermille > 0 && chance.Below(1000) < link.StallsPermille)
        {
            ticks += chance.Below(1000) * TimeSpan.TicksPerMillisecond;
        }

        return ticks;
    }

    public bool DrawBreak(int from, int to) =>
        from != to && Link(from, to).BreaksPermille is > 0 and int permille && chance.Below(1000) < permille;

    /// <summary>Every link as it should be; what was held up goes on at its next try.</summary>
    public void Heal()
    {
        foreach (SimLink link in _links.Values)
        {
            link.IsBlocked = false;
            link.BreaksPermille = 0;
            link.StallsPermille = 0;
        }
    }

    /// <summary>A process has ended: its connections break; who can be reached learns of it at once.</summary>
    public void LoseProcess(SimHost host)
    {
        host.Life = null;
        host.Listeners.Clear();
        foreach (SimConnection connection in host.Connections.ToList())
        {
            connection.LoseEnd(host);
        }

        host.Connections.Clear();
    }
}
