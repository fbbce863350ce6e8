namespace KRaftSharp.Client.Admin;

/// <summary>The features of a cluster.</summary>
/// <param name="Epoch">Grows with every change; -1 unknown.</param>
/// <param name="Finalized">The levels in force.</param>
/// <param name="Supported">What a broker could do.</param>
public sealed record FeatureDescription(
    long Epoch, IReadOnlyDictionary<string, short> Finalized, IReadOnlyDictionary<string, FeatureRange> Supported);
