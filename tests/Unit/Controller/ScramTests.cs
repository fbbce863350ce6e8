using System.Security.Cryptography;
using System.Text;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Controller;

/// <summary>KIP-554 and KIP-900: SCRAM credentials as they are stored.</summary>
public sealed class ScramTests
{
    private readonly ControllerBench _bench = ControllerBench.WithBrokers(1);

    /// <summary>The example of RFC 7677: user "user", password "pencil".</summary>
    [Fact]
    public void Upsert_KeepsTheKeysOfRfc5802_NotThePassword()
    {
        byte[] salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(
            "pencil"u8, salt, 4096, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        Assert.Equal(ErrorCode.None, Upsert("user", 1, 4096, salt, salted));

        ScramCredential kept = _bench.Image.Scram.Credentials[(1, "user")];
        const string AuthMessage = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        byte[] signature = HMACSHA256.HashData(kept.ServerKey, Encoding.ASCII.GetBytes(AuthMessage));
        Assert.Equal("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Convert.ToBase64String(signature));
        byte[] proof = Convert.FromBase64String("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        byte[] mask = HMACSHA256.HashData(kept.StoredKey, Encoding.ASCII.GetBytes(AuthMessage));
        byte[] clientKey = [.. proof.Zip(mask, (a, b) => (byte)(a ^ b))];
        Assert.Equal(kept.StoredKey, SHA256.HashData(clientKey));
    }

    [Theory]
    [InlineData("u", (sbyte)0, 4096, ErrorCode.UnsupportedSaslMechanism)]
    [InlineData("u", (sbyte)3, 4096, ErrorCode.UnsupportedSaslMechanism)]
    [InlineData("u", (sbyte)1, 4095, ErrorCode.UnacceptableCredential)]
    [InlineData("u", (sbyte)2, 16385, ErrorCode.UnacceptableCredential)]
    [InlineData("", (sbyte)1, 4096, ErrorCode.UnacceptableCredential)]
    public void Upsert_WhatCannotBe_IsRefused(string user, sbyte mechanism, int iterations, ErrorCode expected)
    {
        Assert.Equal(expected, Upsert(user, mechanism, iterations, [1], [2]));
        Assert.Empty(_bench.Image.Scram.Credentials);
    }

    [Fact]
    public void Delete_WhatIsThere_AndSaysWhereNothingIs()
    {
        Upsert("u", 2, 8192, [1], [2]);
        Assert.Equal(ErrorCode.ResourceNotFound, Delete("u", 1));
        Assert.Equal(ErrorCode.None, Delete("u", 2));
        Assert.Empty(_bench.Image.Scram.Credentials);
        Assert.Equal(ErrorCode.ResourceNotFound, Delete("u", 2));
    }

    [Fact]
    public void Alter_OneUserTwice_ChangesNothingOfIt()
    {
        AlterUserScramCredentialsRequest request = new()
        {
            Upsertions = [Upsertion("u", 1, 4096, [1], [2]), Upsertion("u", 2, 4096, [1], [2])],
        };
        AlterUserScramCredentialsResponse answer = _bench.Ask<AlterUserScramCredentialsResponse>(request);
        Assert.Equal(ErrorCode.DuplicateResource, Assert.Single(answer.Results).ErrorCode);
        Assert.Empty(_bench.Image.Scram.Credentials);
    }

    private static AlterUserScramCredentialsRequest.ScramCredentialUpsertion Upsertion(
        string user, sbyte mechanism, int iterations, byte[] salt, byte[] password) => new()
        {
            Name = user,
            Mechanism = mechanism,
            Iterations = iterations,
            Salt = salt,
            SaltedPassword = password,
        };

    private ErrorCode Upsert(string user, sbyte mechanism, int iterations, byte[] salt, byte[] password) =>
        Assert.Single(_bench.Ask<AlterUserScramCredentialsResponse>(new AlterUserScramCredentialsRequest
        {
            Upsertions = [Upsertion(user, mechanism, iterations, salt, password)],
        }).Results).ErrorCode;

    private ErrorCode Delete(string user, sbyte mechanism) =>
        Assert.Single(_bench.Ask<AlterUserScramCredentialsResponse>(new AlterUserScramCredentialsRequest
        {
            Deletions = [new() { Name = user, Mechanism = mechanism }],
        }).Results).ErrorCode;
}
