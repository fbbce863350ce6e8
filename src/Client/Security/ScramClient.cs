using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace KRaftSharp.Client.Security;

/// <summary>RFC 5802 and 7677, without channel binding: proves that both sides know the password.</summary>
internal sealed class ScramClient(
    string mechanism, HashAlgorithmName hash, string user, string password, string nonce) : ISaslClient
{
    // Kafka's least; and the most that a broker may make us compute.
    private const int LeastIterations = 4096;
    private const int MostIterations = 10_000_000;

    private readonly string _firstBare = $"n={Escape(user)},r={nonce}";
    private byte[]? _serverSignature;

    public string Mechanism => mechanism;

    public ValueTask<byte[]> BeginAsync(CancellationToken cancellation) =>
        new(Encoding.UTF8.GetBytes("n,," + _firstBare));

    public byte[]? Continue(ReadOnlySpan<byte> challenge)
    {
        string text = Encoding.UTF8.GetString(challenge);
        if (_serverSignature is null)
        {
            return Prove(text);
        }

        Check(text);
        return null;
    }

    private byte[] Prove(string serverFirst)
    {
        string[] parts = serverFirst.Split(',');
        if (parts is not [['r', '=', .. var fullNonce], ['s', '=', .. var saltText], ['i', '=', .. var count], ..]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int iterations)
            || Decode(saltText) is not { Length: > 0 } salt)
        {
            throw new SaslException(Refusal(serverFirst) ?? "the broker's first SCRAM message makes no sense");
        }

        if (!fullNonce.StartsWith(nonce, StringComparison.Ordinal) || fullNonce.Length == nonce.Length)
        {
            throw new SaslException("the broker's SCRAM nonce does not continue the client's");
        }

        if (iterations is < LeastIterations or > MostIterations)
        {
            throw new SaslException($"the broker asks for {iterations} SCRAM iterations");
        }

        const string channel = "c=biws"; // base64 of "n,,"
        string finalBare = $"{channel},r={fullNonce}";
        byte[] signed = Encoding.UTF8.GetBytes($"{_firstBare},{serverFirst},{finalBare}");
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), salt, iterations, hash, Hash([]).Length);
        byte[] clientKey = Hmac(salted, "Client Key"u8);
        byte[] proof = Hmac(Hash(clientKey), signed);
        for (int i = 0; i < proof.Length; i++)
        {
            proof[i] ^= clientKey[i];
        }

        _serverSignature = Hmac(Hmac(salted, "Server Key"u8), signed);
        return Encoding.UTF8.GetBytes($"{finalBare},p={Convert.ToBase64String(proof)}");
    }

    private void Check(string serverFinal)
    {
        string verifier = serverFinal.Split(',')[0];
        if (!verifier.StartsWith("v=", StringComparison.Ordinal)
            || !CryptographicOperations.FixedTimeEquals(Decode(verifier[2..]), _serverSignature))
        {
            throw new SaslException(Refusal(serverFinal) ?? "the broker does not know the password");
        }
    }

    private static string? Refusal(string message) => message.StartsWith("e=", StringComparison.Ordinal)
        ? $"SCRAM: {message[2..]}"
        : null;

    private static byte[] Decode(string base64)
    {
        byte[] bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out int length) ? bytes[..length] : [];
    }

    private static string Escape(string name) => name
        .Replace("=", "=3D", StringComparison.Ordinal)
        .Replace(",", "=2C", StringComparison.Ordinal);

    private byte[] Hash(ReadOnlySpan<byte> bytes) => CryptographicOperations.HashData(hash, bytes);

    private byte[] Hmac(byte[] key, ReadOnlySpan<byte> bytes) => CryptographicOperations.HmacData(hash, key, bytes);
}
