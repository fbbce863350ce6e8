using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>Responses that tell an error for everything that was asked about clients: quotas and credentials.</summary>
internal static class ClientErrors
{
    public static AlterClientQuotasResponse For(AlterClientQuotasRequest request, ErrorCode error, string message)
    {
        AlterClientQuotasResponse response = new();
        foreach (AlterClientQuotasRequest.EntryData entry in request.Entries)
        {
            response.Entries.Add(new()
            {
                ErrorCode = error,
                ErrorMessage = message,
                Entity =
                [
                    .. entry.Entity.Select(part => new AlterClientQuotasResponse.EntityData
                    {
                        EntityType = part.EntityType,
                        EntityName = part.EntityName,
                    }),
                ],
            });
        }

        return response;
    }

    public static AlterUserScramCredentialsResponse For(
        AlterUserScramCredentialsRequest request, ErrorCode error, string message)
    {
        AlterUserScramCredentialsResponse response = new();
        foreach (string user in request.Deletions.Select(deletion => deletion.Name)
            .Concat(request.Upsertions.Select(upsertion => upsertion.Name)).Distinct())
        {
            response.Results.Add(new() { User = user, ErrorCode = error, ErrorMessage = message });
        }

        return response;
    }
}
