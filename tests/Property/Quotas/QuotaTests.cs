using FsCheck.Xunit;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Tests.Property.Quotas;

/// <summary>What quotas promise, over any behaviour of clients, on virtual time.</summary>
public sealed class QuotaTests
{
    private const double Bound = 1000;

    /// <summary>
    /// Over any time, a client that waits as it is told uses no more than the quota and the burst. Its requests are no
    /// larger than a second's quota: what is larger may be forgotten, as in Kafka, before it has been waited for.
    /// </summary>
    [Property(MaxTest = 300)]
    public void Rate_OfAClientThatWaits_NeverExceedsTheQuotaByMoreThanTheBurst(
        (byte Size, byte Pause)[] requests, byte windows, byte seconds)
    {
        QuotaWindows measured = QuotaWindows.OfSeconds(1 + (windows % 12), 1 + (seconds % 3));
        Assert.True(Excess(measured, requests, obedience: 1) <= 0);
    }

    /// <summary>The same check finds a client that waits half the time.</summary>
    [Fact]
    public void Rate_OfAClientThatWaitsTooShort_IsFound()
    {
        (byte, byte)[] requests = [.. Enumerable.Repeat(((byte)250, (byte)0), 400)];
        Assert.True(Excess(QuotaWindows.Default, requests, obedience: 0.5) > 0);
    }

    /// <summary>Who stays within the quota is never made to wait.</summary>
    [Property(MaxTest = 200)]
    public void Rate_BelowTheQuota_IsNeverThrottled(byte[] sizes)
    {
        SampledRate rate = new(QuotaWindows.Default);
        long nowMs = 5_000;
        foreach (byte size in sizes)
        {
            rate.Record(size, nowMs);
            Assert.Equal(0, QuotaMath.ThrottleMs(rate, Bound, nowMs));
            nowMs += 1 + (2 * size); // a byte a millisecond is the quota
        }
    }

    /// <summary>The wait is exact: when it is over, and nothing was used meanwhile, the rate is at its bound.</summary>
    [Property(MaxTest = 200)]
    public void ThrottleTime_IsWhatBringsTheRateDownToTheQuota(byte excess)
    {
        SampledRate rate = new(QuotaWindows.Default);
        rate.Record(10_000 + (10 * excess), 1_000);
        long waitMs = QuotaMath.ThrottleMs(rate, Bound, 1_000);
        // As Kafka: (rate - bound) / bound * window, with ten windows behind a first request.
        Assert.Equal(10 * excess, waitMs);
    }

    [Property(MaxTest = 300)]
    public void Tokens_OfAClientThatWaits_NeverExceedTheQuotaByMoreThanTheBurst((byte Count, byte Pause)[] requests)
    {
        TokenBucket bucket = new(QuotaWindows.Default);
        const double Rate = 2;
        const double Burst = Rate * 11;
        long startMs = 77_000;
        long nowMs = startMs;
        double used = 0;
        foreach ((byte count, byte pause) in requests)
        {
            nowMs += pause * 10;
            if (bucket.Tokens(Rate, nowMs) < 0)
            {
                nowMs += bucket.ThrottleMs(Rate, nowMs) + 1; // rounded to the nearest
                Assert.True(bucket.Tokens(Rate, nowMs) >= 0);
            }

            Assert.True(used <= (Rate * (nowMs - startMs) / 1000) + Burst + 0.001);
            bucket.Take(count, Rate, nowMs);
            used += count;
        }
    }

    /// <summary>The most specific quota counts, and is shared by those that it does not tell apart.</summary>
    [Property(MaxTest = 300)]
    public void Quota_OfAClient_IsTheMostSpecificThatMatches(
        (bool HasUser, byte User, bool HasClient, byte Client)[] set)
    {
        ClientQuotasImage image = ClientQuotasImage.Empty;
        Dictionary<(string? User, string? Client), double> naive = [];
        foreach ((bool hasUser, byte user, bool hasClient, byte client) in set)
        {
            if (!hasUser && !hasClient)
            {
                continue;
            }

            // A name of two, or the default.
            string? userName = hasUser ? Name(user) : null;
            string? clientName = hasClient ? Name(client) : null;
            double bound = naive.Count + 1;
            naive[(userName, clientName)] = bound;
            image = image with { Quotas = image.Quotas.SetItem(KeyOf(userName, clientName), bound) };
        }

        QuotaTable table = QuotaTable.From(image, "producer_byte_rate");
        foreach (string user in new[] { "a", "b", "c" })
        {
            foreach (string client in new[] { "a", "b", "c" })
            {
                (string? User, string? Client)? best = naive.Keys
                    .Where(key => key.User is null or "" || key.User == user)
                    .Where(key => key.Client is null or "" || key.Client == client)
                    .OrderByDescending(key => (Weight(key.User) * 3) + Weight(key.Client))
                    .Cast<(string?, string?)?>().FirstOrDefault();
                QuotaMatch? expected = best is { } found
                    ? new QuotaMatch(naive[found], new QuotaBucket(
                        found.User is null ? "" : user, found.Client is null ? "" : client))
                    : null;
                Assert.Equal(expected, table.Find(user, client));
            }
        }
    }

    private static int Weight(string? part) => part switch { null => 0, "" => 1, _ => 2 };

    private static string Name(byte number) => (number % 3) switch { 0 => "a", 1 => "b", _ => "" };

    private static QuotaKey KeyOf(string? user, string? client)
    {
        List<KeyValuePair<string, string?>> parts = [];
        if (client is not null)
        {
            parts.Add(new("client-id", client.Length == 0 ? null : client));
        }

        if (user is not null)
        {
            parts.Add(new("user", user.Length == 0 ? null : user));
        }

        return new QuotaKey([.. parts], "producer_byte_rate");
    }

    /// <summary>By how much any stretch of the run used more than quota, burst and one request.</summary>
    private static double Excess(QuotaWindows windows, (byte Size, byte Pause)[] requests, double obedience)
    {
        SampledRate rate = new(windows);
        long nowMs = 1_000_000;
        List<(long AtMs, double Bytes)> sent = [];
        double largest = 0;
        foreach ((byte size, byte pause) in requests)
        {
            double bytes = size * 4;
            rate.Record(bytes, nowMs);
            sent.Add((nowMs, bytes));
            largest = Math.Max(largest, bytes);
            nowMs += (long)(QuotaMath.ThrottleMs(rate, Bound, nowMs) * obedience) + pause;
        }

        // Windows end as a whole, so a stretch may begin just after one was forgotten: one more on either side.
        double burst = Bound * (windows.Count + 1) * windows.LengthMs / 1000.0;
        double worst = double.MinValue;
        for (int first = 0; first < sent.Count; first++)
        {
            double used = 0;
            for (int last = first; last < sent.Count; last++)
            {
                used += sent[last].Bytes;
                double allowed = (Bound * (sent[last].AtMs - sent[first].AtMs) / 1000) + burst + largest;
                worst = Math.Max(worst, used - allowed);
            }
        }

        return sent.Count == 0 ? 0 : worst;
    }
}
