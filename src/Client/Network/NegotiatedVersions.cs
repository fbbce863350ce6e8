using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Network;

/// <summary>What a broker speaks, and what that leaves us (ApiVersions).</summary>
internal sealed class NegotiatedVersions
{
    private readonly Dictionary<ApiKey, (short Lowest, short Highest)> _broker = [];

    public NegotiatedVersions(ApiVersionsResponse answer)
    {
        foreach (ApiVersionsResponse.ApiVersion api in answer.ApiKeys)
        {
            _broker[(ApiKey)api.ApiKey] = (api.MinVersion, api.MaxVersion);
        }
    }

    /// <summary>The highest version that the broker, this library and the caller have in common.</summary>
    public bool TryChoose(ApiKey key, VersionRange wanted, out short version)
    {
        version = -1;
        if (ApiTable.Get(key) is not { } ours || !_broker.TryGetValue(key, out (short Lowest, short Highest) theirs))
        {
            return false;
        }

        short lowest = Math.Max(Math.Max(ours.LowestVersion, theirs.Lowest), wanted.Lowest);
        version = Math.Min(Math.Min(ours.HighestVersion, theirs.Highest), wanted.Highest);
        return version >= lowest;
    }

    /// <summary>Why <see cref="TryChoose"/> found none, for people.</summary>
    public string Explain(ApiKey key) => _broker.TryGetValue(key, out (short Lowest, short Highest) theirs)
        ? $"the broker speaks {key} {theirs.Lowest} to {theirs.Highest} only"
        : $"the broker does not know {key}";
}
