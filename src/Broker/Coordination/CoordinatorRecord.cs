using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Coordination;

/// <summary>A record that a coordinator decided to write.</summary>
/// <param name="Value">Null for a tombstone.</param>
/// <param name="Version">At which <paramref name="Value"/> is written.</param>
internal sealed record CoordinatorRecord(ICoordinatorRecord Key, ICoordinatorRecord? Value, short Version)
{
    public static CoordinatorRecord Tombstone(ICoordinatorRecord key) => new(key, null, 0);
}
