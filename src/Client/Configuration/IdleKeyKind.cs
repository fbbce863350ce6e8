namespace KRaftSharp.Client.Configuration;

/// <summary>Kafka's types, as far as they can be checked.</summary>
internal enum IdleKeyKind
{
    Text,
    Bool,
    Int,
    Long,
    Double,
}
