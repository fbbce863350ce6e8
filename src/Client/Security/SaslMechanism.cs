namespace KRaftSharp.Client.Security;

/// <summary>How a client proves who it is (<c>sasl.mechanism</c>). GSSAPI is not there.</summary>
public enum SaslMechanism
{
    /// <summary>User and password as they are (RFC 4616): over TLS only.</summary>
    Plain,

    /// <summary>SCRAM-SHA-256 (RFC 7677): the password is never sent.</summary>
    ScramSha256,

    /// <summary>SCRAM-SHA-512.</summary>
    ScramSha512,

    /// <summary>An OAuth 2 token (RFC 7628, KIP-255).</summary>
    OAuthBearer,
}
