using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>What became of a change to one partition.</summary>
/// <param name="ErrorCode">0 where it was carried out, else the code that the HTTP error would have.</param>
/// <param name="Error">Kafka's name of the error; null where there is none.</param>
public sealed record PartitionOutcome(string Topic, int Partition, int ErrorCode, string? Error, string? Message)
{
    internal static PartitionOutcome Of(string topic, int partition, ErrorCode error, string? message) =>
        error == Protocol.ErrorCode.None
            ? new(topic, partition, 0, null, null)
            : new(topic, partition, KafkaErrorMap.StatusOf(error).Code, ErrorCodes.KafkaName(error),
                string.IsNullOrEmpty(message) ? ErrorCodes.Message(error) : message);
}
