namespace KRaftSharp.History;

/// <summary>Kafka's isolation.level of a consumer.</summary>
public enum Isolation
{
    ReadUncommitted,
    ReadCommitted,
}
