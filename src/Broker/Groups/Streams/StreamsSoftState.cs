using System.Collections.Immutable;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>What a coordinator knows of a streams group beside its records; gone with the coordinator.</summary>
internal sealed class StreamsSoftState
{
    private readonly SortedDictionary<string, StreamsTaskOffsets> _offsets = new(StringComparer.Ordinal);

    /// <summary>The topology with the topics as they were last looked at; null after loading.</summary>
    public ConfiguredTopology? Topology { get; set; }

    /// <summary>The topics that the metadata hash was last compared with; null after loading.</summary>
    public TopicsImage? CheckedTopics { get; set; }

    /// <summary>The hash of the topics when they were last looked at.</summary>
    public long CheckedHash { get; set; }

    /// <summary>Grows when an endpoint changes, or the tasks behind one.</summary>
    public int EndpointEpoch { get; set; }

    /// <summary>Who asked the whole application to stop; null when nobody did.</summary>
    public string? ShutdownRequestedBy { get; private set; }

    public StreamsTaskOffsets OffsetsOf(string memberId) =>
        _offsets.GetValueOrDefault(memberId) ?? StreamsTaskOffsets.None;

    public void SetOffsets(string memberId, StreamsTaskOffsets offsets) => _offsets[memberId] = offsets;

    /// <summary>The first to ask is the one that others are told of.</summary>
    public void RequestShutdown(string memberId) => ShutdownRequestedBy ??= memberId;

    public void Forget(string memberId, bool isLast)
    {
        _offsets.Remove(memberId);
        if (isLast)
        {
            ShutdownRequestedBy = null;
        }
    }
}
