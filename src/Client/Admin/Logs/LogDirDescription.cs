namespace KRaftSharp.Client.Admin;

/// <summary>A folder of a broker.</summary>
/// <param name="Path">As the broker's configuration names it.</param>
/// <param name="State">Its error where it is offline.</param>
/// <param name="TotalBytes">Of its volume; -1 where the broker is too old to say (KIP-827).</param>
/// <param name="UsableBytes">Free on its volume; -1 likewise.</param>
/// <param name="IsCordoned">It gets no new replicas (KIP-1066).</param>
/// <param name="Replicas">What lies in it.</param>
public sealed record LogDirDescription(
    string Path,
    Outcome State,
    long TotalBytes,
    long UsableBytes,
    bool IsCordoned,
    IReadOnlyList<LogDirReplica> Replicas);
