using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>Replays the records about quotas, credentials, access control and delegation tokens.</summary>
internal sealed class SecurityDelta(MetadataImage before)
{
    public ClientQuotasImage Quotas { get; private set; } = before.ClientQuotas;

    public ScramImage Scram { get; private set; } = before.Scram;

    public AclsImage Acls { get; private set; } = before.Acls;

    public DelegationTokensImage Tokens { get; private set; } = before.DelegationTokens;

    public void Become(MetadataImage after)
    {
        Quotas = after.ClientQuotas;
        Scram = after.Scram;
        Acls = after.Acls;
        Tokens = after.DelegationTokens;
    }

    public bool TryReplay(IMetadataRecord record)
    {
        switch (record)
        {
            case ClientQuotaRecord quota:
                Replay(quota);
                return true;
            case UserScramCredentialRecord scram:
                Scram = new ScramImage
                {
                    Credentials = Scram.Credentials.SetItem((scram.Mechanism, scram.Name), new ScramCredential(
                        scram.Salt.ToArray(), scram.StoredKey.ToArray(), scram.ServerKey.ToArray(), scram.Iterations)),
                };
                return true;
            case RemoveUserScramCredentialRecord scram:
                Scram = new ScramImage { Credentials = Scram.Credentials.Remove((scram.Mechanism, scram.Name)) };
                return true;
            case AccessControlEntryRecord acl:
                Acls = new AclsImage
                {
                    Entries = Acls.Entries.SetItem(acl.Id, new AclEntry(acl.ResourceType, acl.ResourceName,
                        acl.PatternType, acl.Principal, acl.Host, acl.Operation, acl.PermissionType)),
                };
                return true;
            case RemoveAccessControlEntryRecord acl:
                Acls = new AclsImage { Entries = Acls.Entries.Remove(acl.Id) };
                return true;
            case DelegationTokenRecord token:
                Tokens = new DelegationTokensImage
                {
                    Tokens = Tokens.Tokens.SetItem(token.TokenId, new DelegationToken(
                        token.TokenId, token.Owner, token.Requester, [.. token.Renewers], token.IssueTimestamp,
                        token.MaxTimestamp, token.ExpirationTimestamp)),
                };
                return true;
            case RemoveDelegationTokenRecord token:
                Tokens = new DelegationTokensImage { Tokens = Tokens.Tokens.Remove(token.TokenId) };
                return true;
            default:
                return false;
        }
    }

    private void Replay(ClientQuotaRecord quota)
    {
        QuotaKey key = new(
            [
                .. quota.Entity.OrderBy(part => part.EntityType, StringComparer.Ordinal)
                    .Select(part => KeyValuePair.Create(part.EntityType, part.EntityName)),
            ],
            quota.Key);
        Quotas = new ClientQuotasImage
        {
            Quotas = quota.Remove ? Quotas.Quotas.Remove(key) : Quotas.Quotas.SetItem(key, quota.Value),
        };
    }
}
