using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Coordination;

/// <summary>Asks any broker which brokers coordinate groups or transactional ids.</summary>
internal static class CoordinatorLookup
{
    // A list of keys came with version 4 (KIP-699).
    private static readonly VersionRange ManyKeys = new(4, short.MaxValue);
    private static readonly VersionRange OneKey = new(1, 3);

    /// <returns>One entry a key, in their order.</returns>
    public static async Task<IReadOnlyList<CoordinatorPlace>> FindAsync(
        ClusterClient cluster, CoordinatorKind kind, IReadOnlyList<string> keys)
    {
        FindCoordinatorRequest request = new() { KeyType = (sbyte)kind };
        request.CoordinatorKeys.AddRange(keys);
        using BrokerResponse response = await cluster.SendToAnyAsync(
            request, ManyKeys, cluster.Options.RequestTimeout);
        if (response.Status == ResponseStatus.UnsupportedVersion)
        {
            return await Task.WhenAll(keys.Select(key => FindByOneKeyAsync(cluster, kind, key)));
        }

        if (response.Message is not FindCoordinatorResponse answer)
        {
            return [.. keys.Select(key => new CoordinatorPlace(key, null, response.TransportError, response.Reason))];
        }

        return [.. keys.Select(key => answer.Coordinators.Find(one => one.Key == key) is { } found
            ? Judge(key, found.ErrorCode, found.ErrorMessage, found.Host, found.Port)
            : new CoordinatorPlace(
                key, null, ErrorCode.CoordinatorNotAvailable, "the answer to FindCoordinator leaves the key out"))];
    }

    private static async Task<CoordinatorPlace> FindByOneKeyAsync(
        ClusterClient cluster, CoordinatorKind kind, string key)
    {
        using BrokerResponse response = await cluster.SendToAnyAsync(
            new FindCoordinatorRequest { KeyType = (sbyte)kind, Key = key }, OneKey, cluster.Options.RequestTimeout);
        return response.Message is FindCoordinatorResponse answer
            ? Judge(key, answer.ErrorCode, answer.ErrorMessage, answer.Host, answer.Port)
            : new CoordinatorPlace(key, null, response.TransportError, response.Reason);
    }

    private static CoordinatorPlace Judge(string key, ErrorCode error, string? message, string host, int port) =>
        error switch
        {
            not ErrorCode.None => new CoordinatorPlace(key, null, error, message),
            _ when port is < 1 or > 65535 => new CoordinatorPlace(
                key, null, ErrorCode.CoordinatorNotAvailable, "the coordinator has no address"),
            _ => new CoordinatorPlace(key, new BrokerAddress(host, port), ErrorCode.None, null),
        };
}
