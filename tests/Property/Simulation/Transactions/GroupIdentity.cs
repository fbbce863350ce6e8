namespace KRaftSharp.Tests.Property.Simulation.Transactions;

/// <summary>In whose name offsets are committed (KIP-447); the default is nobody's.</summary>
internal sealed record GroupIdentity(string MemberId, string? InstanceId, int Epoch)
{
    public static GroupIdentity Nobody { get; } = new("", null, -1);
}
