using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>Reads and changes access control entries, whatever authorizer the brokers have.</summary>
internal sealed class AclCalls(KafkaGateway kafka)
{
    /// <summary>The entries that a filter matches.</summary>
    /// <exception cref="AdminProblem">The brokers have no authorizer, or the filter is wrong.</exception>
    public Task<IReadOnlyList<AclEntry>> DescribeAsync(AclFilter filter)
    {
        DescribeAclsRequest request = new()
        {
            ResourceTypeFilter = filter.ResourceType,
            ResourceNameFilter = filter.ResourceName,
            PatternTypeFilter = filter.PatternType,
            PrincipalFilter = filter.Principal,
            HostFilter = filter.Host,
            Operation = filter.Operation,
            PermissionType = filter.Permission,
        };
        return kafka.AskAnyAsync<DescribeAclsResponse, IReadOnlyList<AclEntry>>(request, response =>
        {
            AdminProblem.ThrowIf(response.ErrorCode, response.ErrorMessage);
            return [.. from resource in response.Resources
                       from acl in resource.Acls
                       select new AclEntry(
                           resource.ResourceType, resource.ResourceName, resource.PatternType, acl.Principal, acl.Host,
                           acl.Operation, acl.PermissionType)];
        });
    }

    /// <exception cref="AdminProblem">One is refused; others may have been created.</exception>
    public Task CreateAsync(IEnumerable<AclEntry> entries)
    {
        CreateAclsRequest request = new()
        {
            Creations = [.. entries.Select(entry => new CreateAclsRequest.AclCreation
            {
                ResourceType = entry.ResourceType,
                ResourceName = entry.ResourceName,
                ResourcePatternType = entry.PatternType,
                Principal = entry.Principal,
                Host = entry.Host,
                Operation = entry.Operation,
                PermissionType = entry.PermissionType,
            })],
        };
        return kafka.AskAnyAsync(request, (CreateAclsResponse response) =>
        {
            response.Results.ForEach(result => AdminProblem.ThrowIf(result.ErrorCode, result.ErrorMessage));
            return true;
        });
    }

    /// <summary>Deletes what a filter matches and says what that was.</summary>
    public Task<IReadOnlyList<AclEntry>> DeleteAsync(AclFilter filter)
    {
        DeleteAclsRequest request = new()
        {
            Filters =
            [
                new DeleteAclsRequest.DeleteAclsFilter
                {
                    ResourceTypeFilter = filter.ResourceType,
                    ResourceNameFilter = filter.ResourceName,
                    PatternTypeFilter = filter.PatternType,
                    PrincipalFilter = filter.Principal,
                    HostFilter = filter.Host,
                    Operation = filter.Operation,
                    PermissionType = filter.Permission,
                },
            ],
        };
        return kafka.AskAnyAsync<DeleteAclsResponse, IReadOnlyList<AclEntry>>(request, response =>
        {
            var result = response.FilterResults[0];
            AdminProblem.ThrowIf(result.ErrorCode, result.ErrorMessage);
            result.MatchingAcls.ForEach(acl => AdminProblem.ThrowIf(acl.ErrorCode, acl.ErrorMessage));
            return result.MatchingAcls.ConvertAll(acl => new AclEntry(
                acl.ResourceType, acl.ResourceName, acl.PatternType, acl.Principal, acl.Host, acl.Operation,
                acl.PermissionType));
        });
    }
}

/// <summary>Which entries are meant; numbers as the protocol has them, null for any.</summary>
internal readonly record struct AclFilter(
    sbyte ResourceType, string? ResourceName, sbyte PatternType, string? Principal, string? Host, sbyte Operation,
    sbyte Permission);
