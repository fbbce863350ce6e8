using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Telemetry;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Configs;

namespace KRaftSharp.Broker.Node;

/// <summary>The metrics that clients push (KIP-714), and where they go.</summary>
internal sealed class TelemetryPart
{
    public TelemetryPart(NodeCore core)
    {
        List<ITelemetryReceiver> receivers = [];
        foreach (string name in core.Config.GetList(OwnConfigs.TelemetryReceivers))
        {
            receivers.Add(name == "log"
                ? new PushLog(core.Environment.Loggers.CreateLogger("kraftsharp.telemetry"))
                : Metrics);
        }

        Telemetry = new ClientTelemetry(
            receivers, core.Config.GetInt("telemetry.max.bytes"), core.Environment.Time,
            core.Environment.Chance.Fork());
    }

    public ClientTelemetry Telemetry { get; }

    /// <summary>What was pushed last; empty where it does not go there.</summary>
    public PushedMetrics Metrics { get; } = new();

    /// <summary>Without a receiver both are served but not offered, as in Kafka.</summary>
    public void AddHandlers(HandlerTable table)
    {
        ClientTelemetryHandler handler = new(Telemetry);
        table
            .Add(ApiKey.GetTelemetrySubscriptions, handler, isOffered: Telemetry.HasReceiver)
            .Add(ApiKey.PushTelemetry, handler, isOffered: Telemetry.HasReceiver);
    }
}
