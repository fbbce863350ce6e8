using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace KRaftSharp.Client.Security;

/// <summary>Whom the client trusts, and which certificate it shows.</summary>
public sealed record TlsOptions
{
    /// <summary>Authorities that brokers' certificates must come from; null: those of the system.</summary>
    public X509Certificate2Collection? TrustedCertificates { get; init; }

    /// <summary>With its private key; null: none is shown.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>What stands between <see cref="ClientCertificate"/> and an authority that the broker knows.</summary>
    public X509Certificate2Collection? ClientCertificateChain { get; init; }

    /// <summary>Whether the certificate must name the host that was connected to
    /// (<c>ssl.endpoint.identification.algorithm</c>, empty for false).</summary>
    public bool VerifyHostName { get; init; } = true;

    /// <summary><c>ssl.enabled.protocols</c>; None: what the system allows.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.None;

    /// <summary>Decides instead of the rules above.</summary>
    public RemoteCertificateValidationCallback? Validate { get; init; }
}
