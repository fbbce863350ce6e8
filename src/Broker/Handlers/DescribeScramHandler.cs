using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DescribeUserScramCredentials v0 (KIP-554): which mechanisms users have, never the secrets.</summary>
internal sealed class DescribeScramHandler(Func<MetadataImage> image) : IRequestHandler
{
    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        ScramImage scram = image().Scram;
        DescribeUserScramCredentialsRequest asked = (DescribeUserScramCredentialsRequest)request;
        List<string> names = asked.Users is { Count: > 0 } users
            ? [.. users.Select(user => user.Name)]
            : [.. scram.Credentials.Keys.Select(key => key.User).Distinct().Order(StringComparer.Ordinal)];
        DescribeUserScramCredentialsResponse response = new();
        foreach (IGrouping<string, string> name in names.GroupBy(name => name))
        {
            response.Results.Add(name.Count() > 1
                ? Failure(
                    name.Key, ErrorCode.DuplicateResource,
                    "Cannot describe SCRAM credentials for the same user twice in a single request: ")
                : Describe(scram, name.Key));
        }

        return new ValueTask<IApiMessage?>(response);
    }

    private static DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult Describe(
        ScramImage scram, string user)
    {
        DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult result =
            new() { User = user };
        foreach (((sbyte mechanism, string owner), ScramCredential credential) in scram.Credentials)
        {
            if (owner == user)
            {
                result.CredentialInfos.Add(new() { Mechanism = mechanism, Iterations = credential.Iterations });
            }
        }

        return result.CredentialInfos.Count > 0
            ? result
            : Failure(
                user, ErrorCode.ResourceNotFound, "Attempt to describe a user credential that does not exist: ");
    }

    private static DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult Failure(
        string user, ErrorCode error, string message) =>
        new() { User = user, ErrorCode = error, ErrorMessage = message + user };
}
