namespace KRaftSharp.History;

/// <summary>A record that a consumer was given.</summary>
/// <param name="At">The moment, by the history's count of operations.</param>
public sealed record ReadRecord(long Offset, string Value, long At);
