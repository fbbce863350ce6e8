using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>SCRAM credentials of users (KIP-554).</summary>
public sealed class UserAdmin
{
    private readonly AdminCalls _calls;

    internal UserAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>The credentials of users, by name; of all when none is named.</summary>
    /// <remarks>One without any has <see cref="ErrorCode.ResourceNotFound"/>.</remarks>
    public Task<IReadOnlyDictionary<string, Outcome<IReadOnlyList<ScramCredential>>>> DescribeAsync(
        IEnumerable<string>? users = null, CancellationToken cancellation = default) =>
        _calls.AnyAsync<
            DescribeUserScramCredentialsResponse,
            IReadOnlyDictionary<string, Outcome<IReadOnlyList<ScramCredential>>>>(
            new DescribeUserScramCredentialsRequest
            {
                Users = users is null
                    ? null
                    : [.. users.Distinct().Select(
                        name => new DescribeUserScramCredentialsRequest.UserName { Name = name })],
            },
            answer => Outcome.Of<IReadOnlyDictionary<string, Outcome<IReadOnlyList<ScramCredential>>>>(
                answer.ErrorCode, answer.ErrorMessage,
                answer.Results.ToDictionary(
                    user => user.User,
                    user => Outcome.Of<IReadOnlyList<ScramCredential>>(
                        user.ErrorCode, user.ErrorMessage,
                        [.. user.CredentialInfos.Select(credential => new ScramCredential(
                            (ScramMechanism)credential.Mechanism, credential.Iterations))]))),
            cancellation);

    /// <summary>Sets and deletes credentials; at most one change a user and mechanism.</summary>
    /// <returns>An outcome for each user.</returns>
    public Task<IReadOnlyDictionary<string, Outcome>> AlterAsync(
        IEnumerable<ScramChange> changes, CancellationToken cancellation = default)
    {
        ILookup<string, ScramChange> byUser = changes.ToLookup(change => change.User);
        return _calls.EachAsync(
            byUser.Select(user => user.Key),
            new ItemCall<string, bool, AlterUserScramCredentialsResponse>(
                new AnyRoute<string>(),
                users => new AlterUserScramCredentialsRequest
                {
                    Deletions = [.. users.SelectMany(user => byUser[user]).Where(change => change.Secret is null)
                        .Select(change => new AlterUserScramCredentialsRequest.ScramCredentialDeletion
                        {
                            Name = change.User,
                            Mechanism = (sbyte)change.Mechanism,
                        })],
                    Upsertions = [.. users.SelectMany(user => byUser[user]).Where(change => change.Secret is not null)
                        .Select(change => new AlterUserScramCredentialsRequest.ScramCredentialUpsertion
                        {
                            Name = change.User,
                            Mechanism = (sbyte)change.Mechanism,
                            Iterations = change.Secret!.Iterations,
                            Salt = change.Secret.Salt,
                            SaltedPassword = change.Secret.SaltedPassword,
                        })],
                },
                (answer, _) => answer.Results.Select(
                    user => (user.User, Items.Done(user.ErrorCode, user.ErrorMessage)))),
            cancellation).PlainAsync();
    }
}
