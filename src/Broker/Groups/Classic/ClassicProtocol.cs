using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Classic;

/// <summary>One way of assigning that a member offers, and what it says for it.</summary>
internal sealed record ClassicProtocol(string Name, ReadOnlyMemory<byte> Metadata)
{
    /// <summary>Copies: the request's bytes go back to the connection.</summary>
    public static IReadOnlyList<ClassicProtocol> From(JoinGroupRequest request) =>
        [.. request.Protocols.Select(
            protocol => new ClassicProtocol(protocol.Name, protocol.Metadata.ToArray()))];
}
