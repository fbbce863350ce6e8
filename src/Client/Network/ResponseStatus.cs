namespace KRaftSharp.Client.Network;

/// <summary>How a request ended.</summary>
public enum ResponseStatus
{
    Ok,

    /// <summary>The connection broke before the answer came; whether the request was carried out is unknown.</summary>
    Disconnected,

    /// <summary>No connection could be made; the request was not sent.</summary>
    Unreachable,

    /// <summary>No answer in time; the connection has been dropped.</summary>
    TimedOut,

    /// <summary>The broker does not let us in, or we do not trust it: TLS or SASL failed. Nothing was sent.</summary>
    AuthenticationFailed,

    /// <summary>The broker has no version in common with us for this request; it was not sent.</summary>
    UnsupportedVersion,
}
