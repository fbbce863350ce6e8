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
        if (options.ClientCaFile is { } file)
        {
            CertificateAuthority authority = CertificateAuthority.Read(file);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                errors == SslPolicyErrors.None || (errors == SslPolicyErrors.RemoteCertificateChainErrors
                    && certificate is X509Certificate2 its && authority.HasSigned(its));
        }

        if (options is { CertificateFile: { } own, KeyFile: { } key })
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(own, key)];
        }

        return handler;
    }
}
