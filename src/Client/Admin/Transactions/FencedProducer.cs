namespace KRaftSharp.Client.Admin;

/// <summary>The identity that a fenced transactional id has now.</summary>
public readonly record struct FencedProducer(long ProducerId, short Epoch);
