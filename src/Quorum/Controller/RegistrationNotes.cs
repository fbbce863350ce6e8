using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Quorum.Controller;

/// <summary>What a decision about brokers leaves behind beside its records: sessions, and a line in the log.</summary>
internal sealed class RegistrationNotes(ControllerState state, BrokerSessions sessions, ILogger logger)
{
    public void Note(in ControllerRequestContext context, IApiMessage request, IApiMessage response, long nowMs)
    {
        if (request is BrokerRegistrationRequest registration && response is BrokerRegistrationResponse answer)
        {
            if (answer.ErrorCode == ErrorCode.None)
            {
                sessions.Touch(registration.BrokerId, answer.BrokerEpoch, context.ConnectionId, nowMs);
                ControllerEvents.BrokerRegistered(
                    logger, state.Settings.NodeId, registration.BrokerId, answer.BrokerEpoch);
            }
            else
            {
                ControllerEvents.RegistrationRefused(
                    logger, state.Settings.NodeId, registration.BrokerId, ErrorCodes.KafkaName(answer.ErrorCode));
            }
        }
        else if (request is UnregisterBrokerRequest removal && state.Image.Cluster.Broker(removal.BrokerId) is null)
        {
            sessions.Remove(removal.BrokerId);
        }
    }
}
