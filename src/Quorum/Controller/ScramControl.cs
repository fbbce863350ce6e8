using System.Security.Cryptography;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>AlterUserScramCredentials (KIP-554, KIP-900). Of a salted password only what a server needs is kept.
/// </summary>
internal sealed class ScramControl(ControllerState state)
{
    private const sbyte Sha256 = 1;
    private const sbyte Sha512 = 2;
    private const int LeastIterations = 4096;
    private const int MostIterations = 16384;

    public Decision Alter(AlterUserScramCredentialsRequest request)
    {
        Dictionary<string, ApiError> errors = new(StringComparer.Ordinal);
        Dictionary<string, VersionedRecord> changes = new(StringComparer.Ordinal);
        List<string> users = [];
        foreach (AlterUserScramCredentialsRequest.ScramCredentialDeletion deletion in request.Deletions)
        {
            Add(deletion.Name, CheckDeletion(deletion), () => new RemoveUserScramCredentialRecord
            {
                Name = deletion.Name,
                Mechanism = deletion.Mechanism,
            });
        }

        foreach (AlterUserScramCredentialsRequest.ScramCredentialUpsertion upsertion in request.Upsertions)
        {
            Add(upsertion.Name, CheckUpsertion(upsertion), () => ToRecord(upsertion));
        }

        AlterUserScramCredentialsResponse response = new();
        foreach (string user in users)
        {
            ApiError error = errors.GetValueOrDefault(user);
            response.Results.Add(new() { User = user, ErrorCode = error.Code, ErrorMessage = error.Message });
        }

        return new Decision([.. users.Where(changes.ContainsKey).Select(user => changes[user])], response);

        void Add(string user, ApiError error, Func<IMetadataRecord> record)
        {
            if (!users.Contains(user))
            {
                users.Add(user);
            }

            if (errors.ContainsKey(user))
            {
                return;
            }

            if (changes.Remove(user))
            {
                error = new(
                    ErrorCode.DuplicateResource, "A user credential cannot be altered twice in the same request");
            }

            if (error.IsFailure)
            {
                errors[user] = error;
            }
            else
            {
                changes[user] = new VersionedRecord(record(), 0);
            }
        }
    }

    private static ApiError Check(string user, sbyte mechanism)
    {
        if (user.Length == 0)
        {
            return new(ErrorCode.UnacceptableCredential, "Username must not be empty");
        }

        return mechanism is Sha256 or Sha512
            ? ApiError.None
            : new(ErrorCode.UnsupportedSaslMechanism, "Unknown SCRAM mechanism");
    }

    private ApiError CheckDeletion(AlterUserScramCredentialsRequest.ScramCredentialDeletion deletion)
    {
        ApiError error = Check(deletion.Name, deletion.Mechanism);
        return error.IsFailure || state.Image.Scram.Credentials.ContainsKey((deletion.Mechanism, deletion.Name))
            ? error
            : new(ErrorCode.ResourceNotFound, "Attempt to delete a user credential that does not exist");
    }

    private static ApiError CheckUpsertion(AlterUserScramCredentialsRequest.ScramCredentialUpsertion upsertion)
    {
        ApiError error = Check(upsertion.Name, upsertion.Mechanism);
        if (error.IsFailure)
        {
            return error;
        }

        return upsertion.Iterations switch
        {
            < LeastIterations => new(ErrorCode.UnacceptableCredential, "Too few iterations"),
            > MostIterations => new(ErrorCode.UnacceptableCredential, "Too many iterations"),
            _ => ApiError.None,
        };
    }

    // RFC 5802: StoredKey is H(HMAC(SaltedPassword, "Client Key")), ServerKey is HMAC(SaltedPassword, "Server Key").
    private static UserScramCredentialRecord ToRecord(
        AlterUserScramCredentialsRequest.ScramCredentialUpsertion upsertion)
    {
        bool isLong = upsertion.Mechanism == Sha512;
        byte[] password = upsertion.SaltedPassword.ToArray();
        byte[] clientKey = Mac("Client Key"u8);
        return new UserScramCredentialRecord
        {
            Name = upsertion.Name,
            Mechanism = upsertion.Mechanism,
            Salt = upsertion.Salt.ToArray(),
            StoredKey = isLong ? SHA512.HashData(clientKey) : SHA256.HashData(clientKey),
            ServerKey = Mac("Server Key"u8),
            Iterations = upsertion.Iterations,
        };

        byte[] Mac(ReadOnlySpan<byte> text) =>
            isLong ? HMACSHA512.HashData(password, text) : HMACSHA256.HashData(password, text);
    }
}
