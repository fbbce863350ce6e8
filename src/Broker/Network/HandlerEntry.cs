using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Network;

/// <summary>One served API.</summary>
/// <param name="Lowest">The lowest version that is served and advertised.</param>
/// <param name="Highest">The highest version that is served and advertised.</param>
/// <param name="MayOverlap">
/// Whether a request may start while earlier ones of this kind on its connection still wait.
/// </param>
public sealed record HandlerEntry(
    ApiKey Key, short Lowest, short Highest, IRequestHandler Handler, bool MayOverlap = false)
{
    /// <summary>Whether ApiVersions tells of it; it is served in any case.</summary>
    public bool IsOffered { get; init; } = true;

    private readonly RequestStats?[] _stats = new RequestStats?[Highest - Lowest + 1];

    /// <summary>What was counted so far, for each version that was asked for. Any thread.</summary>
    public IEnumerable<RequestStats> Stats => _stats.OfType<RequestStats>();

    /// <summary>The counts of one version; of the nearest one where it is not served.</summary>
    internal RequestStats StatsOf(short version)
    {
        ref RequestStats? stats = ref _stats[Math.Clamp(version, Lowest, Highest) - Lowest];
        return stats ?? Interlocked.CompareExchange(ref stats, new RequestStats(Key, version), null) ?? stats;
    }
}
