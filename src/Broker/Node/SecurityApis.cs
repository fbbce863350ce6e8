using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Node;

/// <summary>What a node without an authorizer, SASL and delegation tokens answers to requests about them.</summary>
internal static class SecurityApis
{
    private static readonly ApiKey[] Acls = [ApiKey.DescribeAcls, ApiKey.CreateAcls, ApiKey.DeleteAcls];

    private static readonly ApiKey[] Sasl = [ApiKey.SaslHandshake, ApiKey.SaslAuthenticate];

    private static readonly ApiKey[] DelegationTokens =
    [
        ApiKey.CreateDelegationToken, ApiKey.RenewDelegationToken, ApiKey.ExpireDelegationToken,
        ApiKey.DescribeDelegationToken,
    ];

    public static void AddTo(HandlerTable table) => table
        .Add(Acls, new AclsOffHandler())
        .Add(Sasl, new SaslStateHandler())
        .Add(DelegationTokens, new DelegationTokensOffHandler());
}
