using KRaftSharp.Broker.Groups.Classic;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>What a consumer group keeps of a member that speaks the classic protocol.</summary>
/// <param name="Protocols">In the order of preference; the first is the one it is answered with.</param>
internal sealed record ClassicMembership(int SessionTimeoutMs, IReadOnlyList<ClassicProtocol> Protocols)
{
    public bool Equals(ClassicMembership? other) =>
        other is not null && SessionTimeoutMs == other.SessionTimeoutMs && Protocols.Count == other.Protocols.Count
        && Protocols.Zip(other.Protocols).All(pair => pair.First.Name == pair.Second.Name
            && pair.First.Metadata.Span.SequenceEqual(pair.Second.Metadata.Span));

    public override int GetHashCode() => HashCode.Combine(SessionTimeoutMs, Protocols.Count);
}
