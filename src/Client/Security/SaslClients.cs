using System.Security.Cryptography;

namespace KRaftSharp.Client.Security;

/// <summary>Mechanisms by name.</summary>
internal static class SaslClients
{
    private const int NonceBytes = 24;

    public static string NameOf(SaslMechanism mechanism) => mechanism switch
    {
        SaslMechanism.Plain => "PLAIN",
        SaslMechanism.ScramSha256 => "SCRAM-SHA-256",
        SaslMechanism.ScramSha512 => "SCRAM-SHA-512",
        _ => "OAUTHBEARER",
    };

    public static SaslMechanism? Find(string name)
    {
        foreach (SaslMechanism mechanism in Enum.GetValues<SaslMechanism>())
        {
            if (NameOf(mechanism) == name)
            {
                return mechanism;
            }
        }

        return null;
    }

    public static ISaslClient Create(SaslOptions options) => options.Mechanism switch
    {
        SaslMechanism.Plain => new PlainClient(options.UserName, options.Password),
        SaslMechanism.ScramSha256 => new ScramClient(
            "SCRAM-SHA-256", HashAlgorithmName.SHA256, options.UserName, options.Password, Nonce()),
        SaslMechanism.ScramSha512 => new ScramClient(
            "SCRAM-SHA-512", HashAlgorithmName.SHA512, options.UserName, options.Password, Nonce()),
        _ => new OAuthBearerClient(options.TokenProvider!),
    };

    private static string Nonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
}
