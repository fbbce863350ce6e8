using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Configuration;
using KRaftSharp.Client.Security;

namespace KRaftSharp.Tests.Unit.Client.Configuration;

/// <summary><c>security.protocol</c>, <c>ssl.*</c> and <c>sasl.*</c>.</summary>
public sealed class SecurityPropertiesTests
{
    private const string Login = "org.apache.kafka.common.security.scram.ScramLoginModule required "
        + "username=\"alice\" password=\"a \\\"quoted\\\" one;\";";

    [Fact]
    public void Scram_IsReadFromJaas()
    {
        AdminOptions options = Read(
            ("security.protocol", "sasl_ssl"), ("sasl.mechanism", "SCRAM-SHA-512"), ("sasl.jaas.config", Login));

        Assert.Equal(SecurityProtocol.SaslSsl, options.SecurityProtocol);
        Assert.Equal(
            new SaslOptions
            {
                Mechanism = SaslMechanism.ScramSha512,
                UserName = "alice",
                Password = "a \"quoted\" one;",
            },
            options.Sasl);
    }

    [Theory]
    [InlineData("Module required username=\"a\"", "semicolon")]
    [InlineData("Module;", "login module")]
    [InlineData("Module required username;", "name=value")]
    [InlineData("Module required username=\"a;", "not closed")]
    public void Jaas_ThatMakesNoSense_IsRefusedWithoutShowingIt(string text, string reason)
    {
        KafkaConfigException error = Assert.Throws<KafkaConfigException>(() => Read(
            ("security.protocol", "SASL_SSL"), ("sasl.mechanism", "PLAIN"), ("sasl.jaas.config", text)));

        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain("username", error.Message);
    }

    [Fact]
    public void Protocol_ThatIsUnknown_IsRefusedInKafkasWords()
    {
        KafkaConfigException error = Assert.Throws<KafkaConfigException>(() => Read(("security.protocol", "TLS")));

        Assert.Equal("Invalid value TLS for configuration security.protocol: String must be one of (case insensitive): "
            + "SASL_SSL, PLAINTEXT, SSL, SASL_PLAINTEXT", error.Message);
    }

    [Fact]
    public void Sasl_WithoutAMechanismOfOurs_IsRefused() =>
        Assert.Throws<KafkaConfigException>(() => Read(("security.protocol", "SASL_PLAINTEXT")));

    [Fact]
    public void OAuth_WithoutAProvider_IsRefused() => Assert.Throws<KafkaConfigException>(
        () => Read(("security.protocol", "SASL_PLAINTEXT"), ("sasl.mechanism", "OAUTHBEARER")));

    [Fact]
    public void Tls_CertificatesAndRulesAreRead()
    {
        using RSA key = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest(
            "CN=me", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
                DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        string pem = certificate.ExportCertificatePem();

        TlsOptions tls = Read(
            ("security.protocol", "SSL"), ("ssl.truststore.certificates", pem + "\n" + pem),
            ("ssl.keystore.certificate.chain", pem + "\n" + pem), ("ssl.keystore.key", key.ExportPkcs8PrivateKeyPem()),
            ("ssl.enabled.protocols", "TLSv1.3"), ("ssl.endpoint.identification.algorithm", "")).Tls;

        Assert.Equal(2, tls.TrustedCertificates!.Count);
        Assert.True(tls.ClientCertificate!.HasPrivateKey);
        Assert.Single(tls.ClientCertificateChain!);
        Assert.Equal(SslProtocols.Tls13, tls.Protocols);
        Assert.False(tls.VerifyHostName);
    }

    [Theory]
    [InlineData("JKS", "JKS cannot be read")]
    [InlineData("PEM", "ssl.truststore.location")]
    [InlineData("PKCS12", "ssl.truststore.location")]
    public void Tls_StoreThatCannotBeRead_IsRefused(string type, string reason)
    {
        KafkaConfigException error = Assert.Throws<KafkaConfigException>(() => Read(
            ("security.protocol", "SSL"), ("ssl.truststore.type", type), ("ssl.truststore.location", "/no/such")));

        Assert.Contains(reason, error.Message);
    }

    private static AdminOptions Read(params (string Key, string Value)[] properties) => AdminOptions.FromProperties(
        properties.Append(("bootstrap.servers", "h:1")).Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2)));
}
