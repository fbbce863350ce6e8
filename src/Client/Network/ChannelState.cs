namespace KRaftSharp.Client.Network;

/// <summary>Where a channel is between two connections.</summary>
internal enum ChannelState
{
    Idle,
    Connecting,
    Ready,

    /// <summary>The connection is gone; the requests it had are being ended.</summary>
    Ending,
}
