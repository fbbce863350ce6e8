namespace KRaftSharp.Client.Network;

/// <summary>Which of a client's connections to one broker: answers come in order, so what may be long in coming must
/// not
/// stand before what is urgent.</summary>
internal enum ChannelLane
{
    /// <summary>Everything else: data and metadata.</summary>
    Shared,

    /// <summary>Offsets of a group.</summary>
    Offsets,

    /// <summary>Membership of a group: a join is answered when the whole group has joined.</summary>
    Membership,
}
