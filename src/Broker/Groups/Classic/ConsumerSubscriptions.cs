using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Classic;

/// <summary>What members of classic groups of type consumer say in their metadata.</summary>
internal static class ConsumerSubscriptions
{
    /// <summary>The topics; null when the bytes make no sense.</summary>
    public static IReadOnlyList<string>? TopicsOf(ReadOnlyMemory<byte> metadata)
    {
        ConsumerProtocolSubscription subscription = new();
        return VersionPrefixCodec.TryDecodeLenient(metadata, subscription, out _, out _) ? subscription.Topics : null;
    }
}
