using KRaftSharp.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Network;

/// <summary>Says once that a connection was made and how it ended, and counts it.</summary>
internal static class ConnectionLog
{
    public static void Made(ILogger logger, BrokerAddress address, string clientId)
    {
        ClientMetrics.ConnectionMade(clientId, address.Host);
        ClientLog.Connected(logger, address);
    }

    /// <param name="wasReady">It had been made.</param>
    /// <param name="attempts">How often in a row it could not be made.</param>
    /// <param name="unanswered">What had been sent.</param>
    /// <param name="timedOut">It was dropped because one of them is late.</param>
    public static void Ended(
        ILogger logger, BrokerAddress address, bool wasReady, int attempts, List<PendingCall> unanswered,
        bool timedOut, string reason, string clientId)
    {
        ClientMetrics.ConnectionEnded(clientId, address.Host);
        if (!wasReady)
        {
            ClientLog.ConnectFailed(logger, address, attempts, reason);
        }
        else if (timedOut && unanswered.Count > 0)
        {
            ClientLog.RequestLate(logger, address, unanswered[0].Request.Key);
        }
        else
        {
            ClientLog.ConnectionEnded(logger, address, unanswered.Count, reason);
        }
    }
}
