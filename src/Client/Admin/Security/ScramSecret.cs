using System.Security.Cryptography;
using System.Text;

namespace KRaftSharp.Client.Admin;

/// <summary>What a password is hashed to before it is sent (RFC 5802: Hi).</summary>
internal sealed record ScramSecret(byte[] Salt, byte[] SaltedPassword, int Iterations)
{
    private const int SaltBytes = 16;

    public static ScramSecret Create(ScramMechanism mechanism, string password, int iterations) =>
        Create(mechanism, password, iterations, RandomNumberGenerator.GetBytes(SaltBytes));

    public static ScramSecret Create(ScramMechanism mechanism, string password, int iterations, byte[] salt)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(iterations);
        (HashAlgorithmName hash, int bytes) = mechanism switch
        {
            ScramMechanism.Sha256 => (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes),
            ScramMechanism.Sha512 => (HashAlgorithmName.SHA512, SHA512.HashSizeInBytes),
            _ => throw new ArgumentOutOfRangeException(nameof(mechanism)),
        };
        return new ScramSecret(
            salt, Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, hash, bytes),
            iterations);
    }
}
