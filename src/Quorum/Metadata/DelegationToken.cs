namespace KRaftSharp.Quorum.Metadata;

/// <summary>A delegation token without its secret, which brokers compute. Times are ms since the Unix epoch.</summary>
public sealed record DelegationToken(
    string TokenId,
    string Owner,
    string Requester,
    string[] Renewers,
    long IssueTimestampMs,
    long MaxTimestampMs,
    long ExpirationTimestampMs)
{
    public bool Equals(DelegationToken? other) => other is not null
        && TokenId == other.TokenId && Owner == other.Owner && Requester == other.Requester
        && ImageMaps.Same(Renewers, other.Renewers) && IssueTimestampMs == other.IssueTimestampMs
        && MaxTimestampMs == other.MaxTimestampMs && ExpirationTimestampMs == other.ExpirationTimestampMs;

    public override int GetHashCode() => TokenId.GetHashCode(StringComparison.Ordinal);
}
