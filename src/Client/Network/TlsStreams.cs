using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using KRaftSharp.Client.Security;

namespace KRaftSharp.Client.Network;

/// <summary>Makes a connected socket a TLS stream.</summary>
internal static class TlsStreams
{
    /// <exception cref="System.Security.Authentication.AuthenticationException">The two do not trust each other.
    /// </exception>
    public static async Task<SslStream> OpenAsync(
        Socket socket, string host, TlsOptions options, CancellationToken cancellation)
    {
        SslStream stream = new(new NetworkStream(socket, ownsSocket: false));
        try
        {
            await stream.AuthenticateAsClientAsync(OptionsOf(host, options), cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static SslClientAuthenticationOptions OptionsOf(string host, TlsOptions options)
    {
        SslClientAuthenticationOptions result = new()
        {
            TargetHost = host,
            EnabledSslProtocols = options.Protocols,
            RemoteCertificateValidationCallback = options.Validate ?? ((_, _, _, errors) =>
                Ignored(errors, options) == SslPolicyErrors.None),
        };
        if (options.TrustedCertificates is { } trusted)
        {
            X509ChainPolicy policy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(trusted);
            result.CertificateChainPolicy = policy;
        }

        if (options.ClientCertificate is { } certificate)
        {
            result.ClientCertificateContext = SslStreamCertificateContext.Create(
                certificate, options.ClientCertificateChain, offline: true);
        }

        return result;
    }

    private static SslPolicyErrors Ignored(SslPolicyErrors errors, TlsOptions options) => options.VerifyHostName
        ? errors
        : errors & ~SslPolicyErrors.RemoteCertificateNameMismatch;
}
