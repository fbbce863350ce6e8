using KRaftSharp.Protocol;

namespace KRaftSharp.Log.Producers;

/// <summary>Whether a producer may append a batch: yes, it is there already, or the error.</summary>
internal readonly record struct ProducerVerdict(ErrorCode Error, string? Message, ProducerBatch? Duplicate)
{
    public static ProducerVerdict Accepted => default;
}
