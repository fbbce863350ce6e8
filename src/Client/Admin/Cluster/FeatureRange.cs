namespace KRaftSharp.Client.Admin;

/// <summary>Levels of a feature, both ends included.</summary>
public readonly record struct FeatureRange(short Lowest, short Highest);
