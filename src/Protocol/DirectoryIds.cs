namespace KRaftSharp.Protocol;

/// <summary>Directory ids that stand for a state instead of a directory (KIP-858).</summary>
public static class DirectoryIds
{
    /// <summary>The controller does not know yet where the replica lies.</summary>
    public static Uuid Unassigned => new(0, 0);

    /// <summary>The replica's directory is gone.</summary>
    public static Uuid Lost => new(0, 1);

    /// <summary>Reserved for replicas that came from ZooKeeper clusters.</summary>
    public static Uuid Migrating => new(0, 2);

    /// <summary>The first hundred ids are reserved: never the id of a real directory.</summary>
    public static bool IsReserved(Uuid id) => id.High == 0 && id.Low is >= 0 and < 100;
}
