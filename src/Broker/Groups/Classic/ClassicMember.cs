using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Classic;

/// <summary>A member of a classic group, and the answers it waits for.</summary>
internal sealed class ClassicMember(string id, string? instanceId, string clientId, string clientHost)
{
    public string Id => id;

    public string? InstanceId => instanceId;

    public string ClientId => clientId;

    public string ClientHost => clientHost;

    public int RebalanceTimeoutMs { get; set; }

    public int SessionTimeoutMs { get; set; }

    public string ProtocolType { get; init; } = "";

    /// <summary>In the order of preference.</summary>
    public IReadOnlyList<ClassicProtocol> Protocols { get; set; } = [];

    public ReadOnlyMemory<byte> Assignment { get; set; }

    /// <summary>Until its first join is answered.</summary>
    public bool IsNew { get; set; }

    public Reply<JoinGroupResponse>? Join
    {
        get;
        set
        {
            if (Waiting is { } waiting && field is null != value is null)
            {
                waiting.Count += value is null ? -1 : 1;
            }

            field = value;
        }
    }

    /// <summary>Counts the members of its group whose join waits; null while it is in none.</summary>
    public WaitingJoins? Waiting
    {
        get;
        set
        {
            if (IsAwaitingJoin)
            {
                field?.Count -= 1;
                value?.Count += 1;
            }

            field = value;
        }
    }

    public Reply<SyncGroupResponse>? Sync { get; set; }

    public bool IsAwaitingJoin => Join is not null;

    public ReadOnlyMemory<byte> MetadataFor(string? protocol) =>
        Protocols.FirstOrDefault(offered => offered.Name == protocol)?.Metadata ?? default;

    /// <summary>Whether these are its protocols already, metadata and order included.</summary>
    public bool Matches(IReadOnlyList<ClassicProtocol> protocols)
    {
        if (protocols.Count != Protocols.Count)
        {
            return false;
        }

        for (int i = 0; i < protocols.Count; i++)
        {
            if (protocols[i].Name != Protocols[i].Name
                || !protocols[i].Metadata.Span.SequenceEqual(Protocols[i].Metadata.Span))
            {
                return false;
            }
        }

        return true;
    }
}
