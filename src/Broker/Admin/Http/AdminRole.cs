namespace KRaftSharp.Broker.Admin.Http;

/// <summary>What a caller may do; each role may also do what the ones before it may.</summary>
public enum AdminRole
{
    /// <summary>Nobody has shown who he is: only whether the process is well.</summary>
    None,

    /// <summary>Everything that changes nothing.</summary>
    Reader,

    /// <summary>Everything.</summary>
    Admin,
}
