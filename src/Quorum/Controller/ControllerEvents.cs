using Microsoft.Extensions.Logging;

namespace KRaftSharp.Quorum.Controller;

/// <summary>Log messages of the controller: events 2400 to 2499.</summary>
internal static partial class ControllerEvents
{
    [LoggerMessage(2400, LogLevel.Information, "Controller {NodeId} is active in epoch {Epoch} from offset {Offset}.")]
    public static partial void Activated(ILogger logger, int nodeId, int epoch, long offset);

    [LoggerMessage(2401, LogLevel.Information, "Controller {NodeId} is not active any more; it was in epoch {Epoch}.")]
    public static partial void Deactivated(ILogger logger, int nodeId, int epoch);

    [LoggerMessage(2402, LogLevel.Information,
        "Controller {NodeId} fences broker {BrokerId} with epoch {BrokerEpoch}: {Reason}; {Records} records.")]
    public static partial void Fenced(
        ILogger logger, int nodeId, int brokerId, long brokerEpoch, string reason, int records);

    [LoggerMessage(2403, LogLevel.Information,
        "Controller {NodeId} registers broker {BrokerId} with epoch {BrokerEpoch}.")]
    public static partial void BrokerRegistered(ILogger logger, int nodeId, int brokerId, long brokerEpoch);

    [LoggerMessage(2404, LogLevel.Warning,
        "Controller {NodeId} refuses the registration of broker {BrokerId}: {Error}.")]
    public static partial void RegistrationRefused(ILogger logger, int nodeId, int brokerId, string error);

    [LoggerMessage(2405, LogLevel.Information, "Controller {NodeId} writes the bootstrap records: {Records}.")]
    public static partial void Bootstraps(ILogger logger, int nodeId, int records);

    [LoggerMessage(2406, LogLevel.Information,
        "Controller {NodeId} moves {Records} leaders: {Reason}.")]
    public static partial void Elects(ILogger logger, int nodeId, int records, string reason);

    [LoggerMessage(2407, LogLevel.Information, "Controller {NodeId} aborts a metadata transaction left open.")]
    public static partial void AbortsTransaction(ILogger logger, int nodeId);

    [LoggerMessage(2408, LogLevel.Warning, "Controller {NodeId} cannot append {Records} records of {Request}: {Error}")]
    public static partial void TooLarge(ILogger logger, int nodeId, int records, string request, string error);
}
