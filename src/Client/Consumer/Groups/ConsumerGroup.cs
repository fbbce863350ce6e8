using System.Text.RegularExpressions;
using KRaftSharp.Client.Coordination;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>The application's side of a membership: carries its steps out between polls. Owned by the caller of the
/// consumer.</summary>
internal sealed class ConsumerGroup
{
    // Whoever closes does not wait longer for a coordinator that need not hear of it.
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(5);

    private readonly KafkaConsumer _consumer;
    private readonly ClusterClient _cluster;
    private readonly ConsumerOptions _options;
    private readonly Assignment _assignment;
    private readonly GroupCommits _commits;
    private readonly GroupLoop _loop;
    private readonly ILogger _logger;
    private IRebalanceListener? _listener;
    private Regex? _pattern;
    private ClusterView? _seen;
    private ConsumerGroupMetadata? _identity;

    public ConsumerGroup(
        KafkaConsumer consumer, ClusterClient cluster, ConsumerOptions options, Assignment assignment, Inbox inbox)
    {
        _consumer = consumer;
        _cluster = cluster;
        _options = options;
        _assignment = assignment;
        _logger = options.Loggers.CreateLogger(ClientLog.ConsumerCategory);
        MembershipSettings settings = new(options, cluster.Chance);
        IMembership membership = options.GroupProtocol == GroupProtocol.Classic
            ? new ClassicMembership(settings)
            : new ConsumerMembership(settings);
        _loop = new GroupLoop(
            cluster, membership,
            new CoordinatorLink(cluster, CoordinatorKind.Group, settings.GroupId, ChannelLane.Membership), inbox.Wake);
        _commits = new GroupCommits(this, cluster, options, assignment, inbox);
    }

    public GroupSubscription Subscription { get; private set; } = GroupSubscription.Nothing;

    public bool IsSubscribed => _pattern is not null || !Subscription.IsEmpty;

    public GroupCommits Commits => _commits;

    public ConsumerGroupMetadata Metadata => _loop.Ask(member => member.Metadata);

    /// <summary>As of the last poll: a member that has been lost since is still named as what it was, so that the
    /// coordinator refuses what it commits by a transaction.</summary>
    public ConsumerGroupMetadata Identity
    {
        get
        {
            RememberIdentity();
            return _identity ?? Metadata;
        }
    }

    public void Subscribe(GroupSubscription subscription, Regex? pattern, IRebalanceListener? listener)
    {
        (_pattern, _listener, _seen) = (pattern, listener, null);
        if (pattern is not null)
        {
            _cluster.AddInterestInAll();
            _assignment.WantRefresh();
        }

        SetTopics(subscription);
    }

    /// <summary>A poll begins: the member is alive.</summary>
    public void PollBegins()
    {
        if (IsSubscribed && _loop.Ask(member => member.PollBegins(_cluster.Runtime.NowMs)))
        {
            _loop.Tell(static _ => { });
        }
    }

    public void PollEnds() => _loop.Ask(member =>
    {
        member.PollEnds(_cluster.Runtime.NowMs);
        return true;
    });

    /// <summary>Does what the membership wants of the application, and commits when it is time to.</summary>
    /// <exception cref="KafkaException">This member cannot be one any more.</exception>
    public async ValueTask AttendAsync(CancellationToken cancellation)
    {
        if (IsSubscribed)
        {
            LookAtCluster();
            while (_loop.Ask(static member => member.TakeStep()) is { } step)
            {
                await CarryOutAsync(step, cancellation);
            }

            if (_loop.Ask(static member => member.Failure) is { } failure)
            {
                ConsumerLog.MembershipFailed(_logger, _options.GroupId!, failure.Code, failure.Message);
                throw failure;
            }

            RememberIdentity();
        }

        _commits.CommitWhenDue();
    }

    /// <summary>Gives up what is owned and leaves.</summary>
    public async ValueTask LeaveAsync(bool forGood, bool tells, CancellationToken cancellation)
    {
        try
        {
            if (_assignment.Partitions.Count > 0)
            {
                bool isLost = IsSubscribed && Metadata.GenerationId < 0;
                await ReleaseAsync([.. _assignment.Partitions], isLost, cancellation);
            }
        }
        finally
        {
            _assignment.Assign([]);
            GroupAction.Send? farewell = _loop.Ask(member => member.Leave(forGood));
            SetTopics(GroupSubscription.Nothing);
            (_pattern, _listener, _identity) = (null, null, null);
            if (farewell is not null && tells)
            {
                TimeSpan timeout =
                    _options.RequestTimeout < FarewellTimeout ? _options.RequestTimeout : FarewellTimeout;
                (_, _, BrokerResponse? response) = await _commits.Link.SendAsync(
                    farewell.Request, farewell.Versions, timeout);
                response?.Dispose();
            }
        }
    }

    public void Close() => _loop.Close();

    public Task WhenEnded() => _loop.WhenEnded();

    /// <summary>A commit was refused, perhaps since the group has moved on.</summary>
    public void OnCommitRefused(ErrorCode error, ConsumerGroupMetadata by) =>
        _loop.Tell(member => member.OnCommitRefused(error, by));

    private void RememberIdentity()
    {
        if (Metadata is { GenerationId: >= 0 } now)
        {
            _identity = now;
        }
    }

    private void SetTopics(GroupSubscription subscription)
    {
        Subscription = subscription;
        foreach (string topic in subscription.Topics)
        {
            _cluster.AddInterest(topic);
        }

        _loop.Tell(member => member.Subscribe(subscription));
    }

    private void LookAtCluster()
    {
        ClusterView view = _cluster.View;
        if (ReferenceEquals(view, _seen))
        {
            return;
        }

        _seen = view;
        if (_pattern is { } pattern)
        {
            GroupSubscription matched = GroupSubscription.To(view.Topics.Values
                .Where(topic => !topic.IsInternal && topic.Partitions.Count > 0 && pattern.IsMatch(topic.Name))
                .Select(topic => topic.Name));
            if (!matched.IsSameAs(Subscription))
            {
                SetTopics(matched);
                PollBegins();
            }
        }

        _loop.Tell(member => member.OnView(view));
    }

    private async ValueTask CarryOutAsync(RebalanceStep step, CancellationToken cancellation)
    {
        ConsumerLog.Rebalanced(_logger, _options.GroupId!, step.Kind, step.Partitions.Count, step.Owned.Count);
        ConsumerMetrics.Rebalanced(_options.ClientId, _options.GroupId!, step.Kind);
        try
        {
            if (step.Kind == RebalanceStepKind.Assign)
            {
                _assignment.Assign(step.Owned);
                if (_listener is not null)
                {
                    await _listener.OnAssignedAsync(_consumer, step.Partitions);
                }
            }
            else
            {
                await ReleaseAsync(step.Partitions, step.Kind == RebalanceStepKind.Lose, cancellation);
            }
        }
        finally
        {
            _assignment.Assign(step.Owned);
            _commits.Forget(step.Owned);
            _loop.Tell(member => member.StepDone(step));
        }
    }

    private async ValueTask ReleaseAsync(
        IReadOnlyList<TopicPartition> partitions, bool isLost, CancellationToken cancellation)
    {
        if (!isLost)
        {
            await _commits.CommitBeforeReleaseAsync(cancellation);
        }

        if (_listener is not null)
        {
            await (isLost
                ? _listener.OnLostAsync(_consumer, partitions)
                : _listener.OnRevokedAsync(_consumer, partitions));
        }
    }
}
