using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>What the coordinator has been told, so that a heartbeat says only what is new.</summary>
internal sealed class SaidToCoordinator
{
    private GroupSubscription? _subscription;
    private HashSet<TopicPartition>? _owned;

    /// <summary>Nothing has been said: everything is to be.</summary>
    public bool IsAnew => _owned is null;

    public void Forget() => (_subscription, _owned) = (null, null);

    public bool IsNews(GroupSubscription subscription) =>
        _subscription is null || !_subscription.IsSameAs(subscription);

    public bool IsNews(IReadOnlyCollection<TopicPartition> owned) => _owned is null || !_owned.SetEquals(owned);

    public void Say(IEnumerable<TopicPartition> owned) => _owned = [.. owned];

    public void Say(GroupSubscription subscription, ConsumerGroupHeartbeatRequest request)
    {
        if (!IsNews(subscription))
        {
            return;
        }

        request.SubscribedTopicNames = [.. subscription.Topics];
        if (subscription.Re2 is not null || _subscription?.Re2 is not null)
        {
            request.SubscribedTopicRegex = subscription.Re2 ?? ""; // empty: no pattern any more
        }

        _subscription = subscription;
    }
}
