using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Quorum.Controller;

/// <summary>What one request may still create and delete.</summary>
internal sealed class MutationQuota(TokenBucket? bucket, double rate, bool isStrict, long nowMs)
{
    public static MutationQuota Unlimited { get; } = new(null, 0, false, 0);

    /// <summary>What a topic is answered that is beyond the quota.</summary>
    public static ApiError Exceeded { get; } = new(
        ErrorCode.ThrottlingQuotaExceeded, ErrorCodes.Message(ErrorCode.ThrottlingQuotaExceeded));

    /// <summary>How long the client has to wait after all.</summary>
    public int ThrottleMs => bucket is null ? 0 : (int)Math.Min(int.MaxValue, bucket.ThrottleMs(rate, nowMs));

    /// <summary>False when it is refused: the client is in debt already, and of a version that knows this error.
    /// </summary>
    public bool TryTake(int partitions)
    {
        if (bucket is null)
        {
            return true;
        }

        if (isStrict && bucket.Tokens(rate, nowMs) < 0)
        {
            return false;
        }

        bucket.Take(partitions, rate, nowMs);
        return true;
    }
}
