namespace KRaftSharp.Client.Admin;

/// <summary>How an incremental change alters a key (KIP-339).</summary>
public enum ConfigOperation : sbyte
{
    Set = 0,

    /// <summary>Back to the default.</summary>
    Delete = 1,

    /// <summary>Adds to a list.</summary>
    Append = 2,

    /// <summary>Takes from a list.</summary>
    Subtract = 3,
}
