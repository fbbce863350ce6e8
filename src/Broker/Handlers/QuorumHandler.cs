using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Broker.Handlers;

/// <summary>Vote, BeginQuorumEpoch, EndQuorumEpoch, Fetch, FetchSnapshot, DescribeQuorum, AddRaftVoter, RemoveRaftVoter
/// and UpdateRaftVoter: all the quorum's.</summary>
internal sealed class QuorumHandler(IQuorum quorum) : IRequestHandler
{
    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        TaskCompletionSource<IApiMessage?> answer = new();
        quorum.Handle(request, context.Version, (response, buffer) =>
        {
            if (buffer is not null)
            {
                context.OnResponseSent(buffer);
            }

            answer.SetResult(response);
        });
        return new ValueTask<IApiMessage?>(answer.Task);
    }
}
