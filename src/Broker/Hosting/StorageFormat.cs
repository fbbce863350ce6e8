using KRaftSharp.Broker.Config;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Broker.Hosting;

/// <summary>What <c>storage format</c> is to write.</summary>
/// <param name="Bootstrap">The records that a new cluster starts with.</param>
public sealed record StorageFormat(string ClusterId, IReadOnlyList<VersionedRecord> Bootstrap)
{
    /// <summary>--standalone: this node alone is the first voter set.</summary>
    public bool IsStandalone { get; init; }

    /// <summary>--no-initial-controllers: the quorum knows its voters; this node may join them.</summary>
    public bool HasNoInitialControllers { get; init; }

    /// <summary>--initial-controllers: the first voter set, the same on all of its nodes; null without it.</summary>
    public IReadOnlyList<DynamicVoter>? InitialControllers { get; init; }

    /// <summary>The kraft.version that was asked for; null for the one that fits.</summary>
    public short? KRaftVersion { get; init; }

    private bool HasFlag => IsStandalone || HasNoInitialControllers || InitialControllers is not null;

    /// <summary>1 for dynamic voters, as one of the three flags makes them; 0 with controller.quorum.voters.</summary>
    public short EffectiveKRaftVersion(NodeConfig config) => (short)(config.Voters.Count == 0 && HasFlag ? 1 : 0);

    /// <exception cref="NodeConfigException">The flags and the configuration do not go together.</exception>
    public void Check(NodeConfig config)
    {
        bool isStatic = config.Voters.Count > 0;
        string? error = this switch
        {
            _ when isStatic && (IsStandalone || InitialControllers is not null) =>
                "You cannot specify controller.quorum.voters and format the node with --initial-controllers or "
                + "--standalone. If you want to use dynamic quorum, please remove controller.quorum.voters and specify "
                + "controller.quorum.bootstrap.servers instead.",
            { IsStandalone: true } when !config.IsController => "You can only use --standalone on a controller.",
            _ when !isStatic && !HasFlag && config.IsController =>
                "Because controller.quorum.voters is not set on this controller, you must specify one of the "
                + "following: --standalone, --initial-controllers, or --no-initial-controllers.",
            { KRaftVersion: 0 } when !isStatic && HasFlag =>
                "Cannot set kraft.version to 0 if controller.quorum.voters is empty and one of the flags --standalone, "
                + "--initial-controllers, or --no-initial-controllers is used. For dynamic controllers support, try "
                + "removing the --feature flag for kraft.version.",
            { KRaftVersion: > 0 } when isStatic =>
                "Cannot set kraft.version to 1 while controller.quorum.voters is set.",
            _ => null,
        };
        if (error is not null)
        {
            throw new NodeConfigException(error);
        }
    }
}
