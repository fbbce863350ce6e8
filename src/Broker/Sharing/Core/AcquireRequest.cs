namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>What a member asks for, and what was read for it.</summary>
/// <param name="BatchSize">The size, in records, at which what is given is cut at the next record batch.</param>
/// <param name="MaxRecords">How many records the member wants; more are given where a record batch holds more, unless
/// <paramref name="IsStrict"/>.</param>
/// <param name="IsStrict">Whether <paramref name="MaxRecords"/> is a limit (KIP-1206).</param>
/// <param name="FetchOffset">From which it was read.</param>
internal sealed record AcquireRequest(
    string Member, int BatchSize, int MaxRecords, bool IsStrict, long FetchOffset, IReadOnlyList<LogBatch> Log)
{
    public long FirstOffset => Log[0].BaseOffset;

    public long LastOffset => Log[^1].LastOffset;

    /// <summary>The end of the record batch that holds an offset; the offset itself where none does.</summary>
    public long BatchEnd(long offset)
    {
        foreach (LogBatch batch in Log)
        {
            if (batch.BaseOffset <= offset && offset <= batch.LastOffset)
            {
                return batch.LastOffset;
            }
        }

        return offset;
    }
}
