using KRaftSharp.Protocol.Compression;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Telemetry;

/// <summary>Writes a line into the log for every push.</summary>
internal sealed class PushLog(ILogger logger) : ITelemetryReceiver
{
    public bool TryTake(in TelemetryPush push)
    {
        BrokerLog.TelemetryPushed(
            logger, push.Client.InstanceId, push.Client.ClientId, push.Client.SoftwareName, push.Payload.Length,
            PayloadCodecs.NameOf(push.Codec), push.IsTerminating);
        return true;
    }
}
