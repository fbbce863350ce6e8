using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Coordination;

/// <summary>Calls to the broker that coordinates one group or one transactional id, wherever it moves.</summary>
/// <remarks>Any thread may call; where the coordinator is, is found once and forgotten when it proves wrong.</remarks>
internal sealed class CoordinatorLink(
    ClusterClient cluster, CoordinatorKind kind, string key, ChannelLane lane = ChannelLane.Shared)
{
    // A list of keys came with version 4 (KIP-699).
    private static readonly VersionRange ManyKeys = new(4, short.MaxValue);
    private static readonly VersionRange OneKey = new(1, 3);

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
            (ErrorCode error, string? reason, place) = await FindAsync();
            if (place is null)
            {
                return (error, reason, null);
            }

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

    private async Task<(ErrorCode Error, string? Message, Place? Place)> FindAsync()
    {
        FindCoordinatorRequest request = new() { KeyType = (sbyte)kind };
        request.CoordinatorKeys.Add(key);
        using BrokerResponse response = await cluster.SendToAnyAsync(
            request, ManyKeys, cluster.Options.RequestTimeout);
        if (response.Status == ResponseStatus.UnsupportedVersion)
        {
            return await FindByOneKeyAsync();
        }

        if (response.Message is not FindCoordinatorResponse answer)
        {
            return (response.TransportError, response.Reason, null);
        }

        FindCoordinatorResponse.Coordinator? found = answer.Coordinators.Find(one => one.Key == key);
        return found is null
            ? (ErrorCode.CoordinatorNotAvailable, "the answer to FindCoordinator leaves the key out", null)
            : Judge(found.ErrorCode, found.ErrorMessage, found.Host, found.Port);
    }

    private async Task<(ErrorCode Error, string? Message, Place? Place)> FindByOneKeyAsync()
    {
        using BrokerResponse response = await cluster.SendToAnyAsync(
            new FindCoordinatorRequest { KeyType = (sbyte)kind, Key = key }, OneKey, cluster.Options.RequestTimeout);
        return response.Message is FindCoordinatorResponse answer
            ? Judge(answer.ErrorCode, answer.ErrorMessage, answer.Host, answer.Port)
            : (response.TransportError, response.Reason, null);
    }

    private static (ErrorCode Error, string? Message, Place? Place) Judge(
        ErrorCode error, string? message, string host, int port) => error switch
        {
            not ErrorCode.None => (error, message, null),
            _ when port is < 1 or > 65535 =>
                (ErrorCode.CoordinatorNotAvailable, "the coordinator has no address", null),
            _ => (ErrorCode.None, null, new Place(new BrokerAddress(host, port))),
        };

    private sealed record Place(BrokerAddress Address);
}
