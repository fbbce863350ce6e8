using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KRaftSharp.Tests.Integration.Admin;

/// <summary>https, and clients that are known by their certificates.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kraftsharp-tls-").FullName;
    private readonly X509Certificate2 _authority = NewAuthority("authority");

    [Fact]
    public async Task A_client_certificate_of_the_authority_is_let_in_and_no_other()
    {
        await using TestServer server = await StartAsync();
        using X509Certificate2 known = Issue(_authority, "operator");
        using HttpClient client = NewClient(known);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(client, server));

        using X509Certificate2 elsewhere = NewAuthority("elsewhere");
        using X509Certificate2 stranger = Issue(elsewhere, "operator");
        using HttpClient refused = NewClient(stranger);
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(refused, server));
        using HttpClient nobody = NewClient(null);
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(nobody, server));
    }

    [Fact]
    public async Task With_tokens_too_either_will_do()
    {
        await using TestServer server = await StartAsync(("kraftsharp.admin.tokens", "admin:secret"));
        using X509Certificate2 known = Issue(_authority, "operator");
        using HttpClient client = NewClient(known);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(client, server));
        using HttpClient other = NewClient(null);
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(other, server));
        other.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        Assert.Equal(HttpStatusCode.OK, await PostAsync(other, server));
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<TestServer> StartAsync(params (string Key, string Value)[] more)
    {
        using X509Certificate2 own = Issue(_authority, "127.0.0.1");
        (string certificate, string key, string authority) =
            (Path.Combine(_folder, "node.pem"), Path.Combine(_folder, "node.key"), Path.Combine(_folder, "ca.pem"));
        File.WriteAllText(certificate, own.ExportCertificatePem());
        File.WriteAllText(key, own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(authority, _authority.ExportCertificatePem());
        return TestServer.StartAsync(
        [
            ("kraftsharp.admin.listeners", "https://127.0.0.1:0"),
            ("kraftsharp.admin.tls.certificate.file", certificate), ("kraftsharp.admin.tls.key.file", key),
            ("kraftsharp.admin.tls.client.ca.file", authority), .. more,
        ]);
    }

    private HttpClient NewClient(X509Certificate2? certificate)
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
            shown!.Issuer == _authority.Subject;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        return new HttpClient(handler);
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, TestServer server)
    {
        using HttpResponseMessage response = await client.PostAsync(
            new Uri(server.AdminAddress, "/v1/elections"), new StringContent("{}"));
        return response.StatusCode;
    }

    private static X509Certificate2 NewAuthority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(90));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 issued = request.Create(
            authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 whole = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(
            whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
