using System.Security.Cryptography;
using System.Text;
using KRaftSharp.Client.Security;

namespace KRaftSharp.Tests.Unit.Client.Security;

/// <summary>The messages of the SASL mechanisms, against the examples of their RFCs.</summary>
public sealed class SaslClientTests
{
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ServerFirst =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    /// <summary>RFC 7677, section 3.</summary>
    [Fact]
    public async Task Scram256_IsAsTheRfcShows()
    {
        ScramClient client = Client();

        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", Text(await client.BeginAsync(default)));
        Assert.Equal(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            Text(client.Continue(Bytes(ServerFirst))));
        Assert.Null(client.Continue(Bytes(ServerFinal)));
    }

    [Theory]
    [InlineData("r=other%x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "nonce")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "nonce")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1", "iterations")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000", "iterations")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=***,i=4096", "makes no sense")]
    [InlineData("e=unknown-user", "unknown-user")]
    [InlineData("", "makes no sense")]
    public async Task Scram_BrokersFirstMessageIsWrong_IsRefused(string message, string reason)
    {
        ScramClient client = Client();
        await client.BeginAsync(default);

        SaslException error = Assert.Throws<SaslException>(() => client.Continue(Bytes(message)));

        Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")]
    [InlineData("v=")]
    [InlineData("e=other-error")]
    public async Task Scram_BrokerThatDoesNotKnowThePassword_IsRefused(string message)
    {
        ScramClient client = Client();
        await client.BeginAsync(default);
        client.Continue(Bytes(ServerFirst));

        Assert.Throws<SaslException>(() => client.Continue(Bytes(message)));
    }

    [Fact]
    public async Task Scram_NamesAreEscaped()
    {
        ScramClient client = new("SCRAM-SHA-512", HashAlgorithmName.SHA512, "a=b,c", "p", "n");

        Assert.Equal("n,,n=a=3Db=2Cc,r=n", Text(await client.BeginAsync(default)));
    }

    [Fact]
    public async Task Plain_IsOneMessage()
    {
        PlainClient client = new("tim", "tanstaaftanstaaf");

        Assert.Equal("\0tim\0tanstaaftanstaaf", Text(await client.BeginAsync(default)));
        Assert.Null(client.Continue([]));
    }

    /// <summary>RFC 7628, section 4.1, without the fields that Kafka does not take.</summary>
    [Fact]
    public async Task OAuthBearer_CarriesTokenAndExtensions_AndEndsARefusal()
    {
        OAuthBearerClient client = new(_ => new(
            new OAuthBearerToken("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", new Dictionary<string, string>
            {
                ["logicalCluster"] = "lkc-1",
            })));

        Assert.Equal(
            "n,,\u0001auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u0001logicalCluster=lkc-1\u0001\u0001",
            Text(await client.BeginAsync(default)));
        Assert.Equal([1], client.Continue("{\"status\":\"invalid_token\"}"u8));
        Assert.Null(client.Continue([]));
    }

    [Fact]
    public async Task OAuthBearer_TokenThatWouldForgeAField_IsRefused()
    {
        OAuthBearerClient client = new(_ => new(new OAuthBearerToken("a\u0001auth=Bearer b")));

        await Assert.ThrowsAsync<SaslException>(async () => await client.BeginAsync(default));
    }

    [Fact]
    public void Options_DoNotShowSecrets()
    {
        SaslOptions options = new() { Mechanism = SaslMechanism.Plain, UserName = "u", Password = "secret" };

        Assert.DoesNotContain("secret", new KRaftSharp.Client.ClientOptions { Sasl = options }.ToString());
        Assert.DoesNotContain("secret", new OAuthBearerToken("secret").ToString());
    }

    private static ScramClient Client() => new("SCRAM-SHA-256", HashAlgorithmName.SHA256, "user", "pencil", Nonce);

    private static string Text(byte[]? bytes) => Encoding.UTF8.GetString(bytes!);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
