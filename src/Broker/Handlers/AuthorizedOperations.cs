namespace KRaftSharp.Broker.Handlers;

/// <summary>The operations that a resource knows, as bits; everything is allowed while there is no
/// authorizer.</summary>
internal static class AuthorizedOperations
{
    private const int Read = 1 << 3;
    private const int Write = 1 << 4;
    private const int Create = 1 << 5;
    private const int Delete = 1 << 6;
    private const int Alter = 1 << 7;
    private const int Describe = 1 << 8;
    private const int ClusterAction = 1 << 9;
    private const int DescribeConfigs = 1 << 10;
    private const int AlterConfigs = 1 << 11;
    private const int IdempotentWrite = 1 << 12;

    /// <summary>Nobody asked.</summary>
    public const int NotRequested = int.MinValue;

    public const int OfTopic =
        Read | Write | Create | Delete | Alter | Describe | DescribeConfigs | AlterConfigs;

    public const int OfGroup = Read | Delete | Describe | DescribeConfigs | AlterConfigs;

    public const int OfCluster =
        Create | ClusterAction | DescribeConfigs | AlterConfigs | IdempotentWrite | Alter | Describe;
}
