namespace KRaftSharp.Client.Security;

/// <summary>What a connection is protected by (<c>security.protocol</c>).</summary>
public enum SecurityProtocol
{
    /// <summary>Nothing.</summary>
    Plaintext,

    /// <summary>TLS.</summary>
    Ssl,

    /// <summary>SASL without encryption: PLAIN shows the password to the network.</summary>
    SaslPlaintext,

    /// <summary>SASL over TLS.</summary>
    SaslSsl,
}
