using System.Net.Sockets;
using System.Security.Authentication;
using KRaftSharp.Client.Security;

namespace KRaftSharp.Client.Network;

/// <summary>What may go wrong with a connection that is nobody's mistake here.</summary>
internal static class ConnectionFault
{
    public static bool IsExpected(Exception error) => error is SocketException or InvalidDataException or IOException
        or ObjectDisposedException or OperationCanceledException || IsRefusal(error);

    /// <summary>The two sides do not trust each other: another attempt ends no better.</summary>
    public static bool IsRefusal(Exception error) => error is SaslException or AuthenticationException;

    public static string Describe(Exception error, BrokerAddress address, TimeSpan timeout) => error switch
    {
        OperationCanceledException => $"{address}: no connection within {timeout.TotalSeconds:0.#} s",
        SaslException => $"{address}: SASL: {error.Message}",
        AuthenticationException { InnerException: { } inner } => $"{address}: TLS: {error.Message} {inner.Message}",
        AuthenticationException => $"{address}: TLS: {error.Message}",
        _ => $"{address}: {error.Message}",
    };
}
