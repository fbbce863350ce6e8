using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Coordination;

/// <summary>Calls to the broker that coordinates one group or one transactional id, wherever it moves.</summary>
/// <remarks>Any thread may call; where the coordinator is, is found once and forgotten when it proves wrong.</remarks>
internal sealed class CoordinatorLink(
    ClusterClient cluster, CoordinatorKind kind, string key, ChannelLane lane = ChannelLane.Shared)
{
    private Place? _place;

    /// <summary>Sends until the answer is final or the deadline is over.</summary>
    /// <param name="request">May be sent several times: repeating it must be harmless.</param>
    /// <param name="versions">The versions that the caller can use.</param>
    /// <param name="errorOf">What the answer says.</param>
    /// <param name="deadlineMs">On the runtime's clock.</param>
    /// <param name="cancellation">Seen between two attempts.</param>
    /// <exception cref="KafkaException">A final refusal, or what was last heard before the deadline.</exception>
    public async Task<T> CallAsync<T>(
        IApiMessage request, VersionRange versions, Func<T, ErrorCode> errorOf, long deadlineMs,
        CancellationToken cancellation)
        where T : class, IApiMessage
    {
        for (int attempt = 1; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            (ErrorCode error, string? message, T? answer) = await TryAsync(request, versions, errorOf);
            if (answer is not null && error == ErrorCode.None)
            {
                return answer;
            }

            Heed(error);
            if (!ErrorCodes.IsRetriable(error))
            {
                throw new KafkaException(error, message);
            }

            await cluster.PauseAsync(
                attempt, deadlineMs,
                $"the coordinator of '{key}' did not carry out {request.Key} in time: "
                    + (message ?? ErrorCodes.Message(error)),
                cancellation);
        }
    }

    /// <summary>Sends once.</summary>
    /// <returns>The answer, which the caller disposes and whose errors it tells to <see cref="Heed"/>; or why there is
    /// none.</returns>
    public async Task<(ErrorCode Error, string? Reason, BrokerResponse? Response)> SendAsync(
        IApiMessage request, VersionRange versions, TimeSpan timeout)
    {
        Place? place = Volatile.Read(ref _place);
        if (place is null)
        {
            CoordinatorPlace found = (await CoordinatorLookup.FindAsync(cluster, kind, [key]))[0];
            if (found.Address is not { } address)
            {
                return (found.Error, found.Message, null);
            }

            place = new Place(address);
            Volatile.Write(ref _place, place);
        }

        BrokerResponse response = await cluster.ChannelTo(place.Address, lane).SendAsync(request, versions, timeout);
        if (response.Message is not null)
        {
            return (ErrorCode.None, null, response);
        }

        response.Dispose();
        Heed(response.TransportError);
        return (response.TransportError, response.Reason, null);
    }

    /// <summary>Forgets where the coordinator is, if that is what an error means.</summary>
    public void Heed(ErrorCode error)
    {
        if (error is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.NetworkException
            or ErrorCode.RequestTimedOut)
        {
            Volatile.Write(ref _place, null);
        }
    }

    private async Task<(ErrorCode Error, string? Message, T? Answer)> TryAsync<T>(
        IApiMessage request, VersionRange versions, Func<T, ErrorCode> errorOf)
        where T : class, IApiMessage
    {
        (ErrorCode error, string? message, BrokerResponse? response) = await SendAsync(
            request, versions, cluster.Options.RequestTimeout);
        using (response)
        {
            return response?.Message is T answer ? (errorOf(answer), null, answer) : (error, message, null);
        }
    }

    private sealed record Place(BrokerAddress Address);
}
