namespace KRaftSharp.Broker.Handlers;

/// <summary>A feature and the levels of it that this node can live with.</summary>
public sealed record SupportedFeature(string Name, short Lowest, short Highest);
