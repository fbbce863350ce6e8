namespace KRaftSharp.Broker.Telemetry;

/// <summary>Takes what clients push; Kafka has plugins for that. Thread-safe.</summary>
internal interface ITelemetryReceiver
{
    /// <summary>False when the payload makes no sense.</summary>
    bool TryTake(in TelemetryPush push);
}
