namespace KRaftSharp.Client.Consumer;

/// <summary>How a group is kept (<c>group.protocol</c>).</summary>
public enum GroupProtocol
{
    /// <summary>Members join together and one of them assigns.</summary>
    Classic,

    /// <summary>The coordinator assigns (KIP-848), from Kafka 4.0 on.</summary>
    Consumer,
}
