using KRaftSharp.Log;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Tests.Unit.Raft;

/// <summary>A log of which only the epochs matter, one record each.</summary>
internal sealed class ListLog(IEnumerable<int> epochs) : IRaftLogView
{
    public List<int> Epochs { get; } = [.. epochs];

    public VoterHistory Voters { get; set; } = new(VoterSet.Empty);

    public long StartOffset { get; set; }

    public long EndOffset => Epochs.Count;

    public int LastEpoch => Epochs is [.., var last] ? last : 0;

    public LogPoint? EarliestSnapshot { get; set; }

    public LogPoint? LatestSnapshot => EarliestSnapshot;

    public LogPoint EndOffsetForEpoch(int epoch)
    {
        int last = Epochs.FindLastIndex(other => other <= epoch);
        return last < 0 ? new LogPoint(epoch, 0) : new LogPoint(Epochs[last], last + 1);
    }
}
