using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V3;

/// <summary>Access control entries. Brokers without an authorizer refuse every call with SECURITY_DISABLED.</summary>
internal sealed class AclRoutes(AdminServices services)
{
    private const string Acls = V3Scope.Root + "/acls";

    private static readonly AdminQuery[] Filter =
    [
        new("resource_type", "string", "TOPIC, GROUP, CLUSTER, TRANSACTIONAL_ID, DELEGATION_TOKEN, USER or ANY."),
        new("resource_name", "string", "The resource; every one where it is missing."),
        new("pattern_type", "string", "LITERAL, PREFIXED, MATCH or ANY."),
        new("principal", "string", "Such as User:name; every one where it is missing."),
        new("host", "string", "The host; every one where it is missing."),
        new("operation", "string", "READ, WRITE and so on, or ANY."),
        new("permission", "string", "ALLOW, DENY or ANY."),
    ];

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Acls, AdminRole.Reader, "Access control entries, those that the query matches.", ListAsync)
        {
            Answer = AdminJson.Default.V3ListAclData,
            Query = [.. Filter, AdminQuery.PageSize, AdminQuery.PageToken],
        },
        new("POST", Acls, AdminRole.Admin, "Creates an access control entry.", async call =>
        {
            AclBody body = await call.ReadAsync(AdminJson.Default.AclBody);
            return await CreateAsync(call, [body]);
        })
        { Body = AdminJson.Default.AclBody, Success = 201, Query = [AdminQuery.DryRun] },
        new("POST", Acls + ":batch", AdminRole.Admin, "Creates several access control entries.", async call =>
        {
            AclBatchBody body = await call.ReadAsync(AdminJson.Default.AclBatchBody);
            return await CreateAsync(call, body.Data);
        })
        { Body = AdminJson.Default.AclBatchBody, Success = 201, Query = [AdminQuery.DryRun] },
        new("DELETE", Acls, AdminRole.Admin,
            "Deletes the access control entries that the query matches; type, pattern, operation and permission must "
            + "be named.", DeleteAsync)
        { Answer = AdminJson.Default.AclDeletedData, Query = [.. Filter, AdminQuery.DryRun] },
    ];

    private async ValueTask<AdminReply> ListAsync(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        return scope.List(
            "KafkaAclList", await services.Acls.DescribeAsync(FilterOf(call)), PathOf, entry => View(scope, entry),
            AdminJson.Default.V3ListAclData);
    }

    private async ValueTask<AdminReply> CreateAsync(AdminCall call, IReadOnlyList<AclBody> bodies)
    {
        V3Scope scope = services.Scope(call);
        List<AclEntry> entries = [.. bodies.Select(Entry)];
        if (call.IsDryRun)
        {
            // Whether there is an authorizer, only the brokers know.
            await services.Acls.DescribeAsync(FilterOf(call));
        }
        else
        {
            await services.Acls.CreateAsync(entries);
        }

        return new AdminReply(
            201, null, null, entries is [var only] ? scope.Related(PathOf(only)).Url : scope.Related("acls").Url);
    }

    private async ValueTask<AdminReply> DeleteAsync(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        foreach (string needed in new[] { "resource_type", "pattern_type", "operation", "permission" })
        {
            if (call.Query(needed) is null)
            {
                throw AdminProblem.BadRequest($"{needed} must be named, so that nothing is deleted by mistake");
            }
        }

        AclFilter filter = FilterOf(call);
        IReadOnlyList<AclEntry> entries = call.IsDryRun
            ? await services.Acls.DescribeAsync(filter)
            : await services.Acls.DeleteAsync(filter);
        return AdminReply.Ok(
            new AclDeletedData([.. entries.Select(entry => View(scope, entry))]), AdminJson.Default.AclDeletedData);
    }

    private static AclFilter FilterOf(AdminCall call) => new(
        AclNames.ResourceType(call.Query("resource_type")), call.Query("resource_name"),
        AclNames.PatternType(call.Query("pattern_type")), call.Query("principal"), call.Query("host"),
        AclNames.Operation(call.Query("operation")), AclNames.Permission(call.Query("permission")));

    private static AclEntry Entry(AclBody body) => new(
        AclNames.ResourceType(body.ResourceType), body.ResourceName, AclNames.PatternType(body.PatternType),
        body.Principal, body.Host, AclNames.Operation(body.Operation), AclNames.Permission(body.Permission));

    private static AclData View(V3Scope scope, AclEntry entry) => new(
        scope.Metadata(PathOf(entry)), scope.ClusterId, AclNames.ResourceTypeOf(entry.ResourceType),
        entry.ResourceName, AclNames.PatternTypeOf(entry.PatternType), entry.Principal, entry.Host,
        AclNames.OperationOf(entry.Operation), AclNames.PermissionOf(entry.PermissionType));

    /// <summary>The query that matches this entry alone.</summary>
    private static string PathOf(AclEntry entry) =>
        $"acls?resource_type={AclNames.ResourceTypeOf(entry.ResourceType)}"
        + $"&resource_name={V3Scope.Escape(entry.ResourceName)}"
        + $"&pattern_type={AclNames.PatternTypeOf(entry.PatternType)}&principal={V3Scope.Escape(entry.Principal)}"
        + $"&host={V3Scope.Escape(entry.Host)}&operation={AclNames.OperationOf(entry.Operation)}"
        + $"&permission={AclNames.PermissionOf(entry.PermissionType)}";
}
