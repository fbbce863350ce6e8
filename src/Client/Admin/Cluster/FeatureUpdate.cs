namespace KRaftSharp.Client.Admin;

/// <summary>A change of a feature's level.</summary>
/// <param name="Feature">Such as <c>metadata.version</c>.</param>
/// <param name="Level">The level afterwards; 0 takes the feature away.</param>
/// <param name="Type">Whether going down is meant.</param>
public sealed record FeatureUpdate(string Feature, short Level, FeatureUpdateType Type = FeatureUpdateType.Upgrade);
