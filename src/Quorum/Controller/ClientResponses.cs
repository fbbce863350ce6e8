using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Quorum.Controller;

/// <summary>The answers to requests about clients (quotas, credentials) that failed as a whole.</summary>
internal static class ClientResponses
{
    public static AlterClientQuotasResponse Failure(AlterClientQuotasRequest request, ApiError error) => new()
    {
        Entries =
        [
            .. request.Entries.Select(entry => new AlterClientQuotasResponse.EntryData
            {
                ErrorCode = error.Code,
                ErrorMessage = error.MessageOrWords,
                Entity =
                [
                    .. entry.Entity.Select(part => new AlterClientQuotasResponse.EntityData
                    {
                        EntityType = part.EntityType,
                        EntityName = part.EntityName,
                    }),
                ],
            }),
        ],
    };

    public static AlterUserScramCredentialsResponse Failure(
        AlterUserScramCredentialsRequest request, ApiError error) => new()
        {
            Results =
            [
                .. request.Deletions.Select(deletion => deletion.Name)
                    .Concat(request.Upsertions.Select(upsertion => upsertion.Name)).Distinct()
                    .Select(user => new AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult
                    {
                        User = user,
                        ErrorCode = error.Code,
                        ErrorMessage = error.MessageOrWords,
                    }),
            ],
        };
}
