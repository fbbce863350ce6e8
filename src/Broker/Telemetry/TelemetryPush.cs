using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Broker.Telemetry;

/// <summary>What a client pushed: OTLP metrics, compressed as it chose.</summary>
/// <param name="Payload">Borrowed for the call.</param>
/// <param name="PushIntervalMs">When the next is expected.</param>
internal readonly record struct TelemetryPush(
    ClientAttributes Client, CompressionCodec Codec, ReadOnlyMemory<byte> Payload, int PushIntervalMs,
    bool IsTerminating, long NowMs);
