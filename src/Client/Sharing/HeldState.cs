namespace KRaftSharp.Client.Sharing;

/// <summary>Where a held record is.</summary>
internal enum HeldState
{
    /// <summary>Here, for a poll to come.</summary>
    Ready,

    /// <summary>With the application, which has not said anything of it.</summary>
    Delivered,

    /// <summary>With the application, which has asked for more time.</summary>
    Renewed,
}
