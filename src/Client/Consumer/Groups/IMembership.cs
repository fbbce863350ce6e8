using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>A member of a group as a state machine: no clock, no task, no connection of its own.</summary>
/// <remarks>Who drives it calls one method at a time: carries out what <see cref="Next"/> wants and tells how that
/// went,
/// and has the application do each <see cref="TakeStep"/>.</remarks>
internal interface IMembership
{
    /// <summary>In whose name offsets are committed.</summary>
    ConsumerGroupMetadata Metadata { get; }

    /// <summary>Why this member cannot be one any more; null while it can.</summary>
    KafkaException? Failure { get; }

    /// <summary>Topics that this member subscribes to from now on; without any it stays outside.</summary>
    void Subscribe(GroupSubscription subscription);

    /// <summary>The application asks for records: it is alive until <see cref="PollEnds"/> and its poll interval
    /// after.</summary>
    /// <returns>Whether this gives it something to do.</returns>
    bool PollBegins(long nowMs);

    void PollEnds(long nowMs);

    /// <summary>Looks whether the cluster has changed so that the group must rebalance.</summary>
    void OnView(ClusterView view);

    /// <summary>What is to be done now; null: nothing before <paramref name="nextMs"/> unless something
    /// comes.</summary>
    GroupAction? Next(long nowMs, out long nextMs);

    /// <summary>How a request went: an answer, or why there is none.</summary>
    void OnAnswer(GroupAction.Send sent, IApiMessage? answer, ErrorCode error, string? reason, long nowMs);

    /// <summary>What the leader's assignor said; null with the reason why it could not.</summary>
    void OnAssigned(
        GroupAction.Assign asked, IReadOnlyDictionary<string, List<TopicPartition>>? assignment, ClusterView view,
        string? reason);

    /// <summary>The view may know more names now; without success it is asked again after a while.</summary>
    void OnResolved(ClusterView view, bool isComplete, long nowMs);

    /// <summary>What the application is to do now; none other is given before <see cref="StepDone"/>.</summary>
    RebalanceStep? TakeStep();

    void StepDone(RebalanceStep step);

    /// <summary>A commit was refused: the group may have moved on without this member.</summary>
    void OnCommitRefused(ErrorCode error, ConsumerGroupMetadata by);

    /// <summary>Leaves: the request to tell the coordinator by; null when it need not hear of it. What is owned is
    /// given
    /// up before.</summary>
    /// <param name="forGood">A static member that is to come back does not leave for good.</param>
    GroupAction.Send? Leave(bool forGood);
}
