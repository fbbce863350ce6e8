using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Metadata;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Sharing;

/// <summary>What the share groups of a node share.</summary>
internal sealed record ShareServices
{
    public required ReplicaManager Replicas { get; init; }

    public required IShareState State { get; init; }

    public required IDeadLetters DeadLetters { get; init; }

    public required GroupConfigReader Configs { get; init; }

    public required Func<MetadataImage> Image { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    public required Action<Exception> Fault { get; init; }

    public required ShareSessionTable Sessions { get; init; }

    public long NowMs => Time.MonotonicMs();

    /// <summary>Follows a task that nobody waits for: what it lets escape stops the node.</summary>
    public void Follow(Task task) => task.GetAwaiter().OnCompleted(() =>
    {
        if (task.Exception is { } error)
        {
            Fault(error);
        }
    });
}
