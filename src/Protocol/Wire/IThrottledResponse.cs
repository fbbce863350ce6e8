namespace KRaftSharp.Protocol;

/// <summary>A response that can tell its client to be quiet for a while (KIP-13, KIP-219).</summary>
public interface IThrottledResponse : IApiMessage
{
    /// <summary>Milliseconds for which the broker reads nothing more of this connection; 0 where no quota is used up.
    /// </summary>
    int ThrottleTimeMs { get; set; }
}
