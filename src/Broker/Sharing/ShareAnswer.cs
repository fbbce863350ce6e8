using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Sharing.Core;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Sharing;

/// <summary>What a share group answers to a request.</summary>
/// <param name="Error">Of the whole request; then there is nothing else.</param>
/// <param name="Parts">What was fetched, as far as the answer has to tell of it.</param>
/// <param name="Taken">What became of what the member said; null is success.</param>
/// <param name="LockMs">How long the member holds what it is given.</param>
internal sealed record ShareAnswer(
    ErrorCode Error, IReadOnlyList<SharePartResult> Parts,
    IReadOnlyList<(TopicIdPartition Partition, ShareError? Error)> Taken, int LockMs)
{
    public static ShareAnswer Failed(ErrorCode error) => new(error, [], [], 0);
}
