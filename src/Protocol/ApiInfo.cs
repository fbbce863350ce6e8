namespace KRaftSharp.Protocol;

/// <summary>What is fixed about one kind of request.</summary>
/// <param name="Key">The number in the request's header.</param>
/// <param name="LowestVersion">The oldest version that is still spoken.</param>
/// <param name="HighestVersion">The newest stable version.</param>
/// <param name="LatestUnstable">The newest version known; above <paramref name="HighestVersion"/> where it is not yet
/// stable.</param>
/// <param name="IsForwardable">Whether a broker hands it on to the active controller.</param>
/// <param name="IsClusterAction">Whether only nodes of the cluster send it.</param>
public sealed record ApiInfo(
    ApiKey Key,
    short LowestVersion,
    short HighestVersion,
    short LatestUnstable,
    ApiListeners Listeners,
    bool IsForwardable,
    bool IsClusterAction)
{
    private readonly short _flexibleRequestFrom;
    private readonly short _flexibleResponseFrom;

    internal ApiInfo(ApiKey key, ReadOnlySpan<short> row)
        : this(
            key,
            row[0],
            (short)((row[4] & ApiTable.UnstableTrait) != 0 ? row[1] - 1 : row[1]),
            row[1],
            (ApiListeners)row[4] & (ApiListeners.Broker | ApiListeners.Controller),
            (row[4] & ApiTable.ForwardableTrait) != 0,
            (row[4] & ApiTable.ClusterActionTrait) != 0)
    {
        _flexibleRequestFrom = row[2];
        _flexibleResponseFrom = row[3];
    }

    public string Name => Key.ToString();

    /// <summary>Whether <paramref name="version"/> is spoken, the unstable one included.</summary>
    public bool IsKnownVersion(short version) => version >= LowestVersion && version <= LatestUnstable;

    /// <summary>1, or 2 where the request is flexible.</summary>
    public short RequestHeaderVersion(short version) => (short)(version >= _flexibleRequestFrom ? 2 : 1);

    /// <summary>0, or 1 where the response is flexible; the answer to ApiVersions keeps 0, for a client that does not
    /// know yet what it speaks to.</summary>
    public short ResponseHeaderVersion(short version) =>
        (short)(version >= _flexibleResponseFrom && Key != ApiKey.ApiVersions ? 1 : 0);
}
