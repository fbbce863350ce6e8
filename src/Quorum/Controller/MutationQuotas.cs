using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Quorum.Controller;

/// <summary>
/// controller_mutation_rate (KIP-599): how many partitions a second a user or client id may create and delete. What was
/// used up is not in the log: a new controller begins with full buckets, as Kafka's does.
/// </summary>
internal sealed class MutationQuotas(ControllerState state)
{
    private const string Key = "controller_mutation_rate";
    private const int MostBuckets = 10_000;

    private readonly Dictionary<QuotaBucket, TokenBucket> _buckets = [];
    private ClientQuotasImage? _known;
    private QuotaTable _table = QuotaTable.Empty;

    /// <summary>The quota of the client that asks.</summary>
    /// <param name="strictFrom">
    /// The version from which on requests beyond the quota are refused; older ones are only made to wait.
    /// </param>
    public MutationQuota For(in ControllerRequestContext context, short strictFrom, long nowMs)
    {
        if (!ReferenceEquals(_known, state.Image.ClientQuotas))
        {
            _known = state.Image.ClientQuotas;
            _table = QuotaTable.From(_known, Key);
        }

        string user = context.Principal[(context.Principal.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return _table.Find(user, context.ClientId ?? "") is { } match
            ? new MutationQuota(BucketOf(match, nowMs), match.Bound, context.Version >= strictFrom, nowMs)
            : MutationQuota.Unlimited;
    }

    private TokenBucket BucketOf(QuotaMatch match, long nowMs)
    {
        if (_buckets.TryGetValue(match.Bucket, out TokenBucket? bucket))
        {
            return bucket;
        }

        if (_buckets.Count >= MostBuckets)
        {
            // A bucket whose client owes nothing will be full again in the time that is measured: to forget it is to
            // fill it a little early.
            foreach ((QuotaBucket other, TokenBucket tokens) in _buckets)
            {
                if (tokens.Tokens(match.Bound, nowMs) >= 0)
                {
                    _buckets.Remove(other);
                }
            }
        }

        return _buckets[match.Bucket] = new TokenBucket(state.Settings.MutationWindows);
    }
}
