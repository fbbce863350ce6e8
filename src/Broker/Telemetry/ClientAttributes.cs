using System.Globalization;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Telemetry;

/// <summary>What the selectors of a client metrics subscription may ask of a client (KIP-714).</summary>
internal sealed record ClientAttributes(
    Uuid InstanceId, string ClientId, string SoftwareName, string SoftwareVersion, string Address, int Port)
{
    /// <summary>The labels of a figure that say whose it is.</summary>
    public static readonly string[] Labels = ["metric", "client_id", "client_instance_id", "client_software_name"];

    public static ClientAttributes Of(Uuid instanceId, RequestContext context) => new(
        instanceId, context.ClientId, context.Connection.ClientSoftwareName,
        context.Connection.ClientSoftwareVersion, context.ClientHost, context.Connection.ClientPort);

    /// <summary>Null for a selector that does not exist.</summary>
    public string? Value(string selector) => selector switch
    {
        "client_instance_id" => InstanceId.ToString(),
        "client_id" => ClientId,
        "client_software_name" => SoftwareName,
        "client_software_version" => SoftwareVersion,
        "client_source_address" => Address,
        "client_source_port" => Port.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
