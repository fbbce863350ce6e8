namespace KRaftSharp.Client.Admin;

/// <summary>Which replica an election may choose; the value is the protocol's.</summary>
public enum ElectionType : sbyte
{
    /// <summary>The first replica, if it is in sync.</summary>
    Preferred = 0,

    /// <summary>Any live replica where none in sync is left: acknowledged records may be lost.</summary>
    Unclean = 1,
}
