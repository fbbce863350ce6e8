namespace KRaftSharp.Broker.Replication.Waiting;

/// <summary>What a leader tells all of its followers.</summary>
internal static class FollowerGates
{
    public static void Signal(this FollowerGate[] gates, WakeList wakes)
    {
        foreach (FollowerGate gate in gates)
        {
            gate.Signal(wakes);
        }
    }

    /// <summary>There is news for the followers that no log end tells.</summary>
    public static void Hurry(this FollowerGate[] gates, long nowMs)
    {
        foreach (FollowerGate gate in gates)
        {
            gate.Hurry(nowMs);
        }
    }
}
