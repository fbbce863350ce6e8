using System.Security.Cryptography.X509Certificates;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>The authority whose certificates open the admin endpoint, and by which nodes know each other.</summary>
internal sealed class CertificateAuthority
{
    private readonly X509Certificate2Collection _roots = [];

    private CertificateAuthority()
    {
    }

    /// <param name="file">One or more certificates as PEM.</param>
    public static CertificateAuthority Read(string file)
    {
        CertificateAuthority authority = new();
        authority._roots.ImportFromPemFile(file);
        return authority;
    }

    public bool HasSigned(X509Certificate2 certificate)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
