namespace KRaftSharp.Client.Admin;

/// <summary>How a quota's entity is looked for; the value is the protocol's.</summary>
public enum QuotaMatch : sbyte
{
    /// <summary>This name.</summary>
    Exact = 0,

    /// <summary>The default of its type.</summary>
    Default = 1,

    /// <summary>Any name, the default too.</summary>
    Any = 2,
}
