using System.Text;

namespace KRaftSharp.Client.Security;

/// <summary>RFC 7628 with the extensions of KIP-342.</summary>
internal sealed class OAuthBearerClient(Func<CancellationToken, ValueTask<OAuthBearerToken>> tokens) : ISaslClient
{
    private const char Separator = '\u0001';

    public string Mechanism => "OAUTHBEARER";

    public async ValueTask<byte[]> BeginAsync(CancellationToken cancellation)
    {
        OAuthBearerToken token = await tokens(cancellation);
        StringBuilder message = new();
        message.Append("n,,").Append(Separator).Append("auth=Bearer ").Append(Checked(token.Value)).Append(Separator);
        foreach ((string name, string value) in token.Extensions ?? new Dictionary<string, string>())
        {
            if (name == "auth" || name.Length == 0 || !name.All(char.IsAsciiLetter))
            {
                throw new SaslException($"'{name}' is no name of a SASL extension");
            }

            message.Append(name).Append('=').Append(Checked(value)).Append(Separator);
        }

        return Encoding.UTF8.GetBytes(message.Append(Separator).ToString());
    }

    // A refusal is told in JSON, and ends with an error after this one byte.
    public byte[]? Continue(ReadOnlySpan<byte> challenge) => challenge.IsEmpty ? null : [(byte)Separator];

    private static string Checked(string value) => value.Contains(Separator, StringComparison.Ordinal)
        ? throw new SaslException("a SASL/OAUTHBEARER value holds a control character")
        : value;
}
