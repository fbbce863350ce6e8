using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KRaftSharp.Client.Security;

namespace KRaftSharp.Client.Configuration;

/// <summary>Reads <c>security.protocol</c>, <c>ssl.*</c> and <c>sasl.*</c>.</summary>
internal static class SecurityProperties
{
    private const string Pem = "PEM";
    private const string Pkcs12 = "PKCS12";

    public static T Read<T>(PropertyReader reader, T options)
        where T : ClientOptions
    {
        SecurityProtocol protocol = reader.OneOfAnyCase(
            "security.protocol", "PLAINTEXT", "SASL_SSL", "PLAINTEXT", "SSL", "SASL_PLAINTEXT") switch
        {
            "SSL" => SecurityProtocol.Ssl,
            "SASL_PLAINTEXT" => SecurityProtocol.SaslPlaintext,
            "SASL_SSL" => SecurityProtocol.SaslSsl,
            _ => SecurityProtocol.Plaintext,
        };
        TlsOptions tls = Tls(reader, protocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl);
        SaslOptions? sasl = Sasl(reader);
        bool isSasl = protocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl;
        return options with { SecurityProtocol = protocol, Tls = tls, Sasl = isSasl ? sasl : null };
    }

    private static SaslOptions? Sasl(PropertyReader reader)
    {
        string mechanism = reader.Text("sasl.mechanism") ?? "GSSAPI";
        string? login = reader.Text("sasl.jaas.config");
        if (SaslClients.Find(mechanism) is not { } known)
        {
            return reader.Text("security.protocol") is { } protocol
                && protocol.StartsWith("SASL", StringComparison.OrdinalIgnoreCase)
                ? throw new KafkaConfigException("sasl.mechanism", mechanism,
                    "String must be one of: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER")
                : null;
        }

        Dictionary<string, string> settings = JaasConfig.Parse(login ?? "");
        SaslOptions options = new()
        {
            Mechanism = known,
            UserName = settings.GetValueOrDefault("username", ""),
            Password = settings.GetValueOrDefault("password", ""),
        };
        return options;
    }

    private static TlsOptions Tls(PropertyReader reader, bool isUsed)
    {
        SslProtocols protocols = SslProtocols.None;
        foreach (string name in reader.List("ssl.enabled.protocols"))
        {
            protocols |= name switch
            {
                "TLSv1.2" => SslProtocols.Tls12,
                "TLSv1.3" => SslProtocols.Tls13,
                _ => throw new KafkaConfigException(
                    "ssl.enabled.protocols", name, "String must be one of: TLSv1.2, TLSv1.3"),
            };
        }

        string identification = reader.Text("ssl.endpoint.identification.algorithm") ?? "https";
        if (identification.Length > 0 && !identification.Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            throw new KafkaConfigException(
                "ssl.endpoint.identification.algorithm", identification, "String must be https or empty");
        }

        X509Certificate2Collection? trusted = Trusted(reader, isUsed);
        X509Certificate2Collection? own = Own(reader, isUsed);
        X509Certificate2? leaf = own?.FirstOrDefault(certificate => certificate.HasPrivateKey);
        if (leaf is not null)
        {
            own!.Remove(leaf);
        }

        return new TlsOptions
        {
            Protocols = protocols,
            VerifyHostName = identification.Length > 0,
            TrustedCertificates = trusted,
            ClientCertificate = leaf,
            ClientCertificateChain = leaf is null ? null : own,
        };
    }

    private static X509Certificate2Collection? Trusted(PropertyReader reader, bool isUsed)
    {
        string? certificates = reader.Text("ssl.truststore.certificates");
        string? location = reader.Text("ssl.truststore.location");
        string? password = reader.Text("ssl.truststore.password");
        string type = reader.Text("ssl.truststore.type") ?? "JKS";
        return !isUsed || (certificates ?? location) is null ? null : Guarded("ssl.truststore.location", () =>
        {
            X509Certificate2Collection result = [];
            if (certificates is not null)
            {
                result.ImportFromPem(certificates);
            }
            else if (IsPem("ssl.truststore.type", type))
            {
                result.ImportFromPemFile(location!);
            }
            else
            {
                result = X509CertificateLoader.LoadPkcs12CollectionFromFile(location!, password);
            }

            return result;
        });
    }

    private static X509Certificate2Collection? Own(PropertyReader reader, bool isUsed)
    {
        string? chain = reader.Text("ssl.keystore.certificate.chain");
        string? key = reader.Text("ssl.keystore.key");
        string? keyPassword = reader.Text("ssl.key.password");
        string? location = reader.Text("ssl.keystore.location");
        string? password = reader.Text("ssl.keystore.password");
        string type = reader.Text("ssl.keystore.type") ?? "JKS";
        return !isUsed || (chain ?? location) is null ? null : Guarded("ssl.keystore.location", () =>
        {
            X509Certificate2Collection result = [];
            if (chain is not null)
            {
                result.ImportFromPem(chain);
                result[0] = WithKey(chain, key ?? chain, keyPassword);
            }
            else if (IsPem("ssl.keystore.type", type))
            {
                result.ImportFromPemFile(location!);
                result[0] = keyPassword is null
                    ? X509Certificate2.CreateFromPemFile(location!)
                    : X509Certificate2.CreateFromEncryptedPemFile(location!, keyPassword);
            }
            else
            {
                result = X509CertificateLoader.LoadPkcs12CollectionFromFile(location!, password);
            }

            return result;
        });
    }

    private static X509Certificate2 WithKey(string chain, string key, string? password) => password is null
        ? X509Certificate2.CreateFromPem(chain, key)
        : X509Certificate2.CreateFromEncryptedPem(chain, key, password);

    private static bool IsPem(string key, string type) => type.ToUpperInvariant() switch
    {
        Pem => true,
        Pkcs12 => false,
        _ => throw new KafkaConfigException(key, type, "String must be one of: PEM, PKCS12 (JKS cannot be read)"),
    };

    private static X509Certificate2Collection Guarded(string key, Func<X509Certificate2Collection> load)
    {
        try
        {
            return load();
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new KafkaConfigException($"Certificates cannot be read ({key}): {error.Message}", error);
        }
    }
}
