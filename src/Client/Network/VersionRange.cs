namespace KRaftSharp.Client.Network;

/// <summary>Versions of a request that the caller can use, both ends included.</summary>
public readonly record struct VersionRange(short Lowest, short Highest)
{
    /// <summary>Everything this library knows as stable.</summary>
    public static VersionRange All => new(0, short.MaxValue);
}
