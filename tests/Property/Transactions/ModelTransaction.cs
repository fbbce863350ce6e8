namespace KRaftSharp.Tests.Property.Transactions;

/// <summary>What a client thinks of as one transaction; its records carry its number.</summary>
internal sealed record ModelTransaction(int Number)
{
    public int Written { get; set; }

    public bool IsCommitAsked { get; set; }

    public bool IsCommitHeard { get; set; }
}
