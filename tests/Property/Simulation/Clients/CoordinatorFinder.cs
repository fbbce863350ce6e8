using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>Where one group's or one transactional id's coordinator is, as far as a client knows.</summary>
internal sealed class CoordinatorFinder(SimClient client, ClusterView view, CoordinatorType type, string key)
{
    private const short FirstVersionWithManyKeys = 4;
    private const short LeastVersion = 1;
    private int _nodeId = -1;

    /// <summary>Asks it; null when there was no answer.</summary>
    public async Task<IApiMessage?> AskAsync(IApiMessage request, short version, string purpose, int timeoutMs = 3000)
    {
        while (_nodeId < 0)
        {
            if (!await TryFindAsync())
            {
                await client.WaitAsync(20, 250);
            }
        }

        IApiMessage? answer = await client.AskAsync(
            _nodeId, request, version, purpose, TimeSpan.FromMilliseconds(timeoutMs));
        if (answer is null)
        {
            Forget();
        }

        return answer;
    }

    /// <summary>Whether an answer only says that another broker, or the same one later, has to be asked.</summary>
    public bool IsMisplaced(ErrorCode error)
    {
        if (error is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable)
        {
            Forget();
            return true;
        }

        return error == ErrorCode.CoordinatorLoadInProgress;
    }

    public void Forget() => _nodeId = -1;

    private async Task<bool> TryFindAsync()
    {
        var request = new FindCoordinatorRequest { KeyType = (sbyte)type };
        short version = client.AnyVersion(request, LeastVersion);
        if (version >= FirstVersionWithManyKeys)
        {
            request.CoordinatorKeys = [key];
        }
        else
        {
            request.Key = key;
        }

        if (await client.AskAsync(view.AnyNode(), request, version, "find") is not FindCoordinatorResponse found)
        {
            return false;
        }

        (ErrorCode error, int nodeId) = found.Coordinators is [var coordinator]
            ? (coordinator.ErrorCode, coordinator.NodeId)
            : (found.ErrorCode, found.NodeId);
        if (error == ErrorCode.None)
        {
            _nodeId = nodeId;
        }

        return _nodeId >= 0;
    }
}
