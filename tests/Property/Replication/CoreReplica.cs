using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Broker.Replication.Fetching;
using KRaftSharp.Log;

namespace KRaftSharp.Tests.Property.Replication;

/// <summary>A partition state with a list for a log.</summary>
internal sealed class CoreReplica(int id)
{
    public int Id => id;

    public PartitionState State { get; private set; } = null!;

    /// <summary>The leader epoch and the value of each record.</summary>
    public List<(int Epoch, int Value)> Log { get; } = [];

    public List<(int Epoch, int Start)> Epochs { get; } = [];

    public long HighWatermark { get; private set; }

    public long BrokerEpoch { get; private set; }

    public bool IsUp { get; private set; }

    /// <summary>How much of the metadata's history it has heard.</summary>
    public int Heard { get; set; }

    public IsrProposal? Proposal { get; set; }

    public IsrAnswer? Answer { get; set; }

    public int LatestEpoch => Epochs.Count == 0 ? -1 : Epochs[^1].Epoch;

    public bool IsLeader => IsUp && State.Role == PartitionRole.Leader;

    /// <summary>The log survives, the high watermark as it was when it was last written.</summary>
    public void Start(long brokerEpoch, IReplicaEligibility brokers)
    {
        IsUp = true;
        BrokerEpoch = brokerEpoch;
        HighWatermark /= 2;
        State = new PartitionState(id, CoreCluster.LagTimeMs, brokers);
    }

    public void Crash()
    {
        IsUp = false;
        Proposal = null;
        Answer = null;
    }

    /// <summary>Its machine lost power, and with it half of its log.</summary>
    public void LoseTail() => Truncate(Log.Count / 2);

    public void Assign(PartitionAssignment assignment, long nowMs, bool cutsAtHighWatermark)
    {
        if (State.IsStale(assignment))
        {
            return;
        }

        if (assignment.LeaderId == id)
        {
            if (State.Role != PartitionRole.Leader || assignment.LeaderEpoch > State.LeaderEpoch)
            {
                AssignEpoch(assignment.LeaderEpoch);
            }

            State.BecomeLeader(assignment, Log.Count, HighWatermark, nowMs);
            Proposal = null;
            Answer = null;
            PublishHighWatermark();
        }
        else if (State.BecomeFollower(assignment) && cutsAtHighWatermark)
        {
            Truncate(HighWatermark);
        }
    }

    public void Append(int value, long nowMs)
    {
        Log.Add((State.LeaderEpoch, value));
        State.Appended(Log.Count, nowMs);
        PublishHighWatermark();
    }

    public void PublishHighWatermark() => HighWatermark = State.HighWatermark;

    public LogPoint EndOf(int epoch)
    {
        if (epoch < 0 || epoch > LatestEpoch)
        {
            return LogPoint.Undefined;
        }

        int next = Epochs.FindIndex(entry => entry.Epoch > epoch);
        if (next < 0)
        {
            return new LogPoint(Epochs[^1].Epoch, Log.Count);
        }

        return new LogPoint(next == 0 ? epoch : Epochs[next - 1].Epoch, Epochs[next].Start);
    }

    /// <summary>Whether a log that ends so is a prefix of this one.</summary>
    public bool Holds(int latestEpoch, long logEnd)
    {
        if (latestEpoch < 0)
        {
            return logEnd <= Log.Count;
        }

        LogPoint end = EndOf(latestEpoch);
        return end.Epoch == latestEpoch && end.EndOffset >= logEnd;
    }

    /// <summary>Takes in what a leader answers to a fetch from the log end.</summary>
    public void Fetch(CoreReplica leader, int most, long nowMs)
    {
        if (!leader.Holds(LatestEpoch, Log.Count))
        {
            if (LatestEpoch >= 0)
            {
                LogPoint end = leader.EndOf(LatestEpoch);
                Truncate(FollowerStep.TruncationPoint(end, EndOf(end.Epoch), Log.Count, HighWatermark));
            }

            return;
        }

        leader.State.Fetched(new FollowerFetch(id, BrokerEpoch, Log.Count, 0, nowMs), out _);
        leader.PublishHighWatermark();
        foreach ((int epoch, int value) in leader.Log.Skip(Log.Count).Take(most).ToArray())
        {
            AssignEpoch(epoch);
            Log.Add((epoch, value));
        }

        HighWatermark = Math.Max(HighWatermark, Math.Min(leader.HighWatermark, Log.Count));
    }

    private void AssignEpoch(int epoch)
    {
        if (epoch > LatestEpoch)
        {
            Epochs.Add((epoch, Log.Count));
        }
    }

    private void Truncate(long offset)
    {
        Log.RemoveRange((int)offset, Log.Count - (int)offset);
        Epochs.RemoveAll(entry => entry.Start >= offset);
        HighWatermark = Math.Min(HighWatermark, offset);
    }
}
