using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Network;

/// <summary>Says once how a connection ended.</summary>
internal static class ConnectionLog
{
    /// <param name="wasReady">It had been made.</param>
    /// <param name="attempts">How often in a row it could not be made.</param>
    /// <param name="unanswered">What had been sent.</param>
    /// <param name="timedOut">It was dropped because one of them is late.</param>
    public static void Ended(
        ILogger logger, BrokerAddress address, bool wasReady, int attempts, List<PendingCall> unanswered,
        bool timedOut, string reason)
    {
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
