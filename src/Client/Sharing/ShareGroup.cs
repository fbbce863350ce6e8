using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Consumer.Groups;
using KRaftSharp.Client.Coordination;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Sharing;

/// <summary>The application's side of a membership in a share group. Owned by the caller of the consumer.</summary>
internal sealed class ShareGroup
{
    private readonly ClusterClient _cluster;
    private readonly ShareConsumerOptions _options;
    private readonly ShareAssignment _assignment;
    private readonly GroupLoop _loop;
    private readonly CoordinatorLink _link;
    private readonly ILogger _logger;

    public ShareGroup(ClusterClient cluster, ShareConsumerOptions options, ShareAssignment assignment, Inbox inbox)
    {
        (_cluster, _options, _assignment) = (cluster, options, assignment);
        _logger = options.Loggers.CreateLogger(ClientLog.ConsumerCategory);
        ShareMembership membership = new(options, cluster.Chance);
        MemberId = membership.MemberId;
        _link = new CoordinatorLink(cluster, CoordinatorKind.Group, options.GroupId, ChannelLane.Membership);
        _loop = new GroupLoop(cluster, membership, _link, inbox.Wake);
    }

    public string MemberId { get; }

    public GroupSubscription Subscription { get; private set; } = GroupSubscription.Nothing;

    public void Subscribe(GroupSubscription subscription)
    {
        Subscription = subscription;
        foreach (string topic in subscription.Topics)
        {
            _cluster.AddInterest(topic);
        }

        _loop.Tell(member => member.Subscribe(subscription));
    }

    /// <summary>A poll begins: the member is alive.</summary>
    public void PollBegins()
    {
        if (!Subscription.IsEmpty && _loop.Ask(member => member.PollBegins(_cluster.Runtime.NowMs)))
        {
            _loop.Tell(static _ => { });
        }
    }

    public void PollEnds() => _loop.Ask(member =>
    {
        member.PollEnds(_cluster.Runtime.NowMs);
        return true;
    });

    /// <summary>Takes over what the coordinator has assigned.</summary>
    /// <exception cref="KafkaException">This member cannot be one any more.</exception>
    public void Attend()
    {
        while (_loop.Ask(static member => member.TakeStep()) is { } step)
        {
            _assignment.Assign(step.Owned);
            ConsumerLog.Rebalanced(_logger, _options.GroupId, step.Kind, step.Partitions.Count, step.Owned.Count);
            ConsumerMetrics.Rebalanced(_options.ClientId, _options.GroupId, step.Kind);
            _loop.Tell(member => member.StepDone(step));
        }

        if (_loop.Ask(static member => member.Failure) is { } failure)
        {
            ConsumerLog.MembershipFailed(_logger, _options.GroupId, failure.Code, failure.Message);
            throw failure;
        }
    }

    /// <summary>Leaves; whoever does not answer in time learns it from the session's end.</summary>
    public async ValueTask LeaveAsync(TimeSpan timeout)
    {
        _assignment.Assign([]);
        GroupAction.Send? farewell = _loop.Ask(member => member.Leave(forGood: true));
        Subscribe(GroupSubscription.Nothing);
        if (farewell is not null)
        {
            (_, _, BrokerResponse? response) = await _link.SendAsync(farewell.Request, farewell.Versions, timeout);
            response?.Dispose();
        }
    }

    public void Close() => _loop.Close();

    public Task WhenEnded() => _loop.WhenEnded();
}
