using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft;

/// <summary>A voter and where its controller listener is.</summary>
/// <param name="Endpoint">The listener that this node talks to.</param>
public readonly record struct Voter(ReplicaKey Key, PeerEndpoint Endpoint)
{
    private readonly IReadOnlyList<VoterListener>? _listeners;

    public int Id => Key.Id;

    /// <summary>All that the voter told of; none for a voter of <c>controller.quorum.voters</c>.</summary>
    public IReadOnlyList<VoterListener> Listeners
    {
        get => _listeners ?? [];
        init => _listeners = value;
    }

    /// <summary>The lowest kraft.version that its software can work with.</summary>
    public short MinKRaftVersion { get; init; }

    /// <summary>The highest one; 0 also where it never said so.</summary>
    public short MaxKRaftVersion { get; init; }

    /// <summary>Whether the replica with this key is the voter: a directory that is known must be the same.</summary>
    public bool IsFor(ReplicaKey replica) =>
        Key.Id == replica.Id && (Key.DirectoryId.IsZero || Key.DirectoryId == replica.DirectoryId);

    public bool Supports(short kraftVersion) => kraftVersion >= MinKRaftVersion && kraftVersion <= MaxKRaftVersion;

    /// <summary>The same in all that a VotersRecord keeps.</summary>
    public bool SameAs(Voter other) => Key == other.Key && MinKRaftVersion == other.MinKRaftVersion
        && MaxKRaftVersion == other.MaxKRaftVersion && Listeners.SequenceEqual(other.Listeners);

    /// <summary>A voter with these listeners; its endpoint is the one of this name.</summary>
    /// <returns>Null when there is no listener of that name.</returns>
    public static Voter? TryCreate(
        ReplicaKey key, IReadOnlyList<VoterListener> listeners, string listenerName, short minVersion, short maxVersion)
    {
        foreach (VoterListener listener in listeners)
        {
            if (string.Equals(listener.Name, listenerName, StringComparison.OrdinalIgnoreCase))
            {
                return new Voter(key, new PeerEndpoint(key.Id, listener.Host, listener.Port))
                {
                    Listeners = listeners,
                    MinKRaftVersion = minVersion,
                    MaxKRaftVersion = maxVersion,
                };
            }
        }

        return null;
    }
}
