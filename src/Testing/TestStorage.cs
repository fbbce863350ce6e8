namespace KRaftSharp.Testing;

/// <summary>Where the nodes of a test cluster keep their data.</summary>
public enum TestStorage
{
    /// <summary>In this process's memory: the quickest; gone with the cluster.</summary>
    Memory,

    /// <summary>In a temporary folder, deleted with the cluster.</summary>
    Disk,
}
