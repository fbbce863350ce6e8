using System.Globalization;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// FindCoordinator v0-6, as a cluster whose coordinators are not available yet. v1 transactions; v4 several keys; v6
/// share groups.
/// </summary>
internal sealed class FindCoordinatorHandler : IRequestHandler
{
    private const short WithSeveralKeys = 4;
    private const short WithShareGroups = 6;
    private const sbyte Transaction = 1;
    private const sbyte Share = 2;

    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        new(Answer(context.Version, (FindCoordinatorRequest)request));

    private static FindCoordinatorResponse Answer(short version, FindCoordinatorRequest request)
    {
        bool isKnown = request.KeyType is >= 0 and <= Transaction
            || (request.KeyType == Share && version >= WithShareGroups);
        ErrorCode error = isKnown ? ErrorCode.CoordinatorNotAvailable : ErrorCode.InvalidRequest;
        FindCoordinatorResponse response = new();
        if (version < WithSeveralKeys)
        {
            (response.ErrorCode, response.ErrorMessage) = (error, ErrorCodes.Message(error));
            (response.NodeId, response.Host, response.Port) = (-1, "", -1);
            return response;
        }

        foreach (string key in request.CoordinatorKeys)
        {
            response.Coordinators.Add(new FindCoordinatorResponse.Coordinator
            {
                Key = key,
                NodeId = -1,
                Host = "",
                Port = -1,
                ErrorCode = request.KeyType == Share && !IsShareKey(key) ? ErrorCode.InvalidRequest : error,
                ErrorMessage = isKnown ? "" : ErrorCodes.Message(error),
            });
        }

        return response;
    }

    /// <summary>group:topic id:partition</summary>
    private static bool IsShareKey(string key)
    {
        string[] parts = key.Split(':');
        return parts.Length >= 3 && string.Join(':', parts[..^2]).Length > 0 && Uuid.TryParse(parts[^2], out _)
            && int.TryParse(parts[^1], CultureInfo.InvariantCulture, out int partition) && partition >= 0;
    }
}
