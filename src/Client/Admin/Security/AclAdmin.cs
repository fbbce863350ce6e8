using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Reads and changes ACLs (KIP-140).</summary>
/// <remarks>Without an authorizer brokers answer <see cref="ErrorCode.SecurityDisabled"/>.</remarks>
public sealed class AclAdmin
{
    private readonly AdminCalls _calls;

    internal AclAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>The ACLs that a filter matches.</summary>
    public Task<IReadOnlyList<AclBinding>> DescribeAsync(
        AclFilter filter, CancellationToken cancellation = default) =>
        _calls.AnyAsync<DescribeAclsResponse, IReadOnlyList<AclBinding>>(
            new DescribeAclsRequest
            {
                ResourceTypeFilter = (sbyte)filter.ResourceType,
                ResourceNameFilter = filter.ResourceName,
                PatternTypeFilter = (sbyte)filter.PatternType,
                PrincipalFilter = filter.Principal,
                HostFilter = filter.Host,
                Operation = (sbyte)filter.Operation,
                PermissionType = (sbyte)filter.Permission,
            },
            answer => Outcome.Of<IReadOnlyList<AclBinding>>(
                answer.ErrorCode, answer.ErrorMessage,
                [.. from resource in answer.Resources
                    from acl in resource.Acls
                    select new AclBinding(
                        (AclResourceType)resource.ResourceType, resource.ResourceName, acl.Principal,
                        (AclOperation)acl.Operation)
                    {
                        PatternType = (AclPatternType)resource.PatternType,
                        Host = acl.Host,
                        Permission = (AclPermission)acl.PermissionType,
                    }]),
            cancellation);

    /// <summary>Adds ACLs; one that is there already is no error.</summary>
    public Task<IReadOnlyDictionary<AclBinding, Outcome>> CreateAsync(
        IEnumerable<AclBinding> acls, CancellationToken cancellation = default) => _calls.EachAsync(
            acls,
            new ItemCall<AclBinding, bool, CreateAclsResponse>(
                new AnyRoute<AclBinding>(),
                asked => new CreateAclsRequest
                {
                    Creations = [.. asked.Select(acl => new CreateAclsRequest.AclCreation
                    {
                        ResourceType = (sbyte)acl.ResourceType,
                        ResourceName = acl.ResourceName,
                        ResourcePatternType = (sbyte)acl.PatternType,
                        Principal = acl.Principal,
                        Host = acl.Host,
                        Operation = (sbyte)acl.Operation,
                        PermissionType = (sbyte)acl.Permission,
                    })],
                },
                (answer, asked) => asked.Zip(
                    answer.Results, (acl, result) => (acl, Items.Done(result.ErrorCode, result.ErrorMessage)))),
            cancellation).PlainAsync();

    /// <summary>Deletes the ACLs that filters match.</summary>
    /// <returns>What was deleted, for each filter.</returns>
    public Task<IReadOnlyDictionary<AclFilter, Outcome<IReadOnlyList<AclBinding>>>> DeleteAsync(
        IEnumerable<AclFilter> filters, CancellationToken cancellation = default) => _calls.EachAsync(
            filters,
            new ItemCall<AclFilter, IReadOnlyList<AclBinding>, DeleteAclsResponse>(
                new AnyRoute<AclFilter>(),
                asked => new DeleteAclsRequest
                {
                    Filters = [.. asked.Select(filter => new DeleteAclsRequest.DeleteAclsFilter
                    {
                        ResourceTypeFilter = (sbyte)filter.ResourceType,
                        ResourceNameFilter = filter.ResourceName,
                        PatternTypeFilter = (sbyte)filter.PatternType,
                        PrincipalFilter = filter.Principal,
                        HostFilter = filter.Host,
                        Operation = (sbyte)filter.Operation,
                        PermissionType = (sbyte)filter.Permission,
                    })],
                },
                (answer, asked) => asked.Zip(answer.FilterResults, (filter, result) => (filter, Deleted(result)))),
            cancellation);

    // One that could not be deleted fails its filter.
    private static Outcome<IReadOnlyList<AclBinding>> Deleted(DeleteAclsResponse.DeleteAclsFilterResult result) =>
        result.MatchingAcls.Find(acl => acl.ErrorCode != ErrorCode.None) is { } failed
            ? Outcome.Failed<IReadOnlyList<AclBinding>>(failed.ErrorCode, failed.ErrorMessage)
            : Outcome.Of<IReadOnlyList<AclBinding>>(
                result.ErrorCode, result.ErrorMessage,
                [.. result.MatchingAcls.Select(acl => new AclBinding(
                    (AclResourceType)acl.ResourceType, acl.ResourceName, acl.Principal, (AclOperation)acl.Operation)
                {
                    PatternType = (AclPatternType)acl.PatternType,
                    Host = acl.Host,
                    Permission = (AclPermission)acl.PermissionType,
                })]);
}
