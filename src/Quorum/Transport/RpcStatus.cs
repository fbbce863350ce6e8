namespace KRaftSharp.Quorum.Transport;

/// <summary>How a request to another node ended.</summary>
public enum RpcStatus
{
    Ok,

    /// <summary>The connection broke before the answer came; whether the request was carried out is unknown.</summary>
    Disconnected,

    /// <summary>Nobody listens there: the process is gone (decision 11: death is noticed by the connection).</summary>
    Refused,

    /// <summary>No answer in time; the connection has been dropped.</summary>
    TimedOut,

    /// <summary>The other side has no version in common for this request.</summary>
    UnsupportedVersion,
}
