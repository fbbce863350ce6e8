using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using KRaftSharp.Broker.Admin.Http;

namespace KRaftSharp.Broker.Admin.Peers;

/// <summary>How nodes of a cluster know each other over https: each shows its own certificate, and believes one that
/// the authority of the clients or one of the system has signed for the other's name.</summary>
internal static class PeerTls
{
    public static SocketsHttpHandler NewHandler(AdminOptions options)
    {
        SocketsHttpHandler handler = new() { PooledConnectionLifetime = TimeSpan.FromMinutes(10) };
        if (options.ClientCaFile is { } authority)
        {
            X509Certificate2Collection roots = [];
            roots.ImportFromPemFile(authority);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                errors == SslPolicyErrors.None || (errors == SslPolicyErrors.RemoteCertificateChainErrors
                    && certificate is X509Certificate2 its && IsSignedBy(its, roots));
        }

        if (options is { CertificateFile: { } file, KeyFile: { } key })
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(file, key)];
        }

        return handler;
    }

    private static bool IsSignedBy(X509Certificate2 certificate, X509Certificate2Collection roots)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
