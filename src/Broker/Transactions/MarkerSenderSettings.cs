using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Transactions;

/// <summary>What a <see cref="MarkerSender"/> needs.</summary>
internal sealed record MarkerSenderSettings
{
    public required Func<MetadataImage> Image { get; init; }

    /// <summary>Sends to a broker, this one too; calls back once, on any thread, with null when there is no answer.
    /// </summary>
    public required Action<int, WriteTxnMarkersRequest, Action<WriteTxnMarkersResponse?>> Send { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    public required Action<Exception> Fault { get; init; }
}
