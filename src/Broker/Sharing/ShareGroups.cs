using System.Collections.Concurrent;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Sharing;

/// <summary>The share groups that members fetch from this broker. Any thread.</summary>
internal sealed class ShareGroups(ShareServices services) : IMetadataSubscriber
{
    private const string VersionFeature = "share.version";

    private readonly ConcurrentDictionary<string, GroupShares> _groups = new(StringComparer.Ordinal);

    /// <summary>Whether the cluster's features have share groups.</summary>
    public bool IsEnabled => services.Image().Features.LevelOf(VersionFeature) > 0;

    /// <summary>Takes what a member says of its records, and gives it others.</summary>
    public async Task<ShareAnswer> RunAsync(ShareRequest request)
    {
        TaskCompletionSource<ShareAnswer> answered = new();
        Start(request, answered);
        ShareAnswer answer = await answered.Task;
        if (answer.Error == ErrorCode.ShareSessionLimitReached && request.Ask is { MaxWaitMs: > 0 } ask)
        {
            await PauseAsync(ask.MaxWaitMs);
        }

        return answer;
    }

    public void ConnectionClosed(long connectionId)
    {
        if (services.Sessions.Closed(connectionId) is { } groupId
            && _groups.TryGetValue(groupId, out GroupShares? group))
        {
            group.Post(() =>
            {
                group.ConnectionClosed(connectionId);
                RetireIfEmpty(group);
            });
        }
    }

    /// <summary>Without the feature there are no share groups.</summary>
    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (image.Features.LevelOf(VersionFeature) == 0)
        {
            Shutdown();
        }
    }

    /// <summary>Lets go of everything; what members hold they hold no longer.</summary>
    public void Shutdown()
    {
        foreach (GroupShares group in _groups.Values)
        {
            group.Post(() => Retire(group));
        }
    }

    private void Start(ShareRequest request, TaskCompletionSource<ShareAnswer> answered)
    {
        GroupShares group = _groups.GetOrAdd(request.GroupId, id => new GroupShares(id, services));
        group.Post(() =>
        {
            if (group.IsRetired)
            {
                Start(request, answered);
                return;
            }

            new ShareExchange(group, request, answered.SetResult).Start();
            RetireIfEmpty(group);
        });
    }

    private void RetireIfEmpty(GroupShares group)
    {
        if (group.IsEmpty && !group.IsRetired)
        {
            Retire(group);
        }
    }

    private void Retire(GroupShares group)
    {
        _groups.TryRemove(new KeyValuePair<string, GroupShares>(group.GroupId, group));
        group.Retire();
    }

    private async Task PauseAsync(int delayMs)
    {
        TaskCompletionSource elapsed = new();
        using ITimer timer = services.Time.CreateTimer(
            _ => elapsed.TrySetResult(), null, TimeSpan.FromMilliseconds(delayMs), Timeout.InfiniteTimeSpan);
        await elapsed.Task;
    }
}
