namespace KRaftSharp.Client.Admin;

/// <summary>What a change of a feature's level may do; the value is the protocol's.</summary>
public enum FeatureUpdateType : sbyte
{
    Upgrade = 1,

    /// <summary>Down, if nothing is lost by it.</summary>
    SafeDowngrade = 2,

    /// <summary>Down, even with loss.</summary>
    UnsafeDowngrade = 3,
}
