using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>A node that cannot reach a majority stops leading within its check-quorum time.</summary>
/// <param name="machines">By id.</param>
/// <param name="limitMs">The check-quorum time, and what frames that are under way may add to it.</param>
internal sealed class ContactChecker(SimWorld world, IReadOnlyList<SimMachine> machines, int limitMs)
{
    /// <summary>A node that did nothing for so long stood still.</summary>
    private const int StillMs = 500;

    private readonly Dictionary<int, (int Life, long SinceMs, long SeenMs)> _alone = [];

    /// <summary>To be called when the node has done something: one that stands still cannot stop leading.</summary>
    public void Check(RaftView view)
    {
        IReadOnlyList<int> voters = view.Voters ?? [.. machines.Select(machine => machine.Id)];
        int reached = voters.Count(id => id == view.NodeId || IsInContact(view.NodeId, id));
        if (!view.IsLeader || reached > voters.Count / 2 || !machines[view.NodeId].IsRunning)
        {
            _alone.Remove(view.NodeId);
            return;
        }

        long nowMs = world.Scheduler.NowMs;
        if (!_alone.TryGetValue(view.NodeId, out (int Life, long SinceMs, long SeenMs) alone)
            || alone.Life != view.Life || nowMs - alone.SeenMs > StillMs)
        {
            alone = (view.Life, nowMs, nowMs);
        }

        _alone[view.NodeId] = alone with { SeenMs = nowMs };
        world.Violations.Require(
            nowMs - alone.SinceMs <= limitMs,
            "a node that cannot reach a majority stops leading within its check-quorum time",
            () => $"{view} reaches {reached} of {voters.Count} since {alone.SinceMs} ms");
    }

    private bool IsInContact(int node, int other) => machines[other].IsRunning
        && !world.Network.IsBlocked(node, other) && !world.Network.IsBlocked(other, node);
}
