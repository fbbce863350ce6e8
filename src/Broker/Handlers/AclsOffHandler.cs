using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// DescribeAcls, CreateAcls and DeleteAcls v1-3 on a cluster without an authorizer: SECURITY_DISABLED for everything
/// that is asked.
/// </summary>
internal sealed class AclsOffHandler : IRequestHandler
{
    private const string NoAuthorizer = "No Authorizer is configured.";
    private const string NoAuthorizerOnBroker = "No Authorizer is configured on the broker";

    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) => new(request switch
    {
        CreateAclsRequest create => Refuse(create),
        DeleteAclsRequest delete => Refuse(delete),
        _ => new DescribeAclsResponse
        {
            ErrorCode = ErrorCode.SecurityDisabled,
            ErrorMessage = NoAuthorizerOnBroker,
        },
    });

    private static CreateAclsResponse Refuse(CreateAclsRequest request) => new()
    {
        Results =
        [
            .. request.Creations.Select(_ => new CreateAclsResponse.AclCreationResult
            {
                ErrorCode = ErrorCode.SecurityDisabled,
                ErrorMessage = NoAuthorizer,
            }),
        ],
    };

    private static DeleteAclsResponse Refuse(DeleteAclsRequest request) => new()
    {
        FilterResults =
        [
            .. request.Filters.Select(_ => new DeleteAclsResponse.DeleteAclsFilterResult
            {
                ErrorCode = ErrorCode.SecurityDisabled,
                ErrorMessage = NoAuthorizer,
            }),
        ],
    };
}
