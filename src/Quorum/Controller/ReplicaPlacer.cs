using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Quorum.Controller;

/// <summary>
/// Chooses replicas for new partitions: leaders go round all unfenced brokers, the replicas of a partition go to as
/// many racks as there are, and fenced brokers are used only where a rack has no other left.
/// </summary>
internal sealed class ReplicaPlacer(Prng prng)
{
    /// <summary>The replicas of <paramref name="count"/> partitions, or why there are none.</summary>
    public (int[][] Replicas, string? Error) Place(ClusterImage cluster, int count, int replicationFactor)
    {
        if (replicationFactor <= 0)
        {
            return ([], $"Invalid replication factor {replicationFactor}: the replication factor must be positive.");
        }

        List<BrokerRegistration> usable = [.. cluster.Brokers.Values.Where(broker => broker.TakesReplicas)];
        if (usable.TrueForAll(broker => broker.IsFenced))
        {
            return ([], "All brokers are currently fenced.");
        }

        if (replicationFactor > usable.Count)
        {
            return ([], $"The target replication factor of {replicationFactor} cannot be reached because only "
                + $"{usable.Count} broker(s) are registered or some brokers have all their log directories "
                + "cordoned.");
        }

        RackList racks = new(usable, prng);
        int[][] replicas = new int[count][];
        for (int i = 0; i < count; i++)
        {
            replicas[i] = racks.Next(replicationFactor);
        }

        return (replicas, null);
    }

    /// <summary>Goes round the racks; the next partition starts at the next rack.</summary>
    private sealed class RackList
    {
        private readonly List<Rack> _racks = [];
        private readonly Prng _prng;
        private readonly int _unfencedCount;
        private int _epoch;
        private int _offset;

        public RackList(IEnumerable<BrokerRegistration> brokers, Prng prng)
        {
            _prng = prng;
            foreach (IGrouping<string?, BrokerRegistration> rack in brokers.GroupBy(broker => broker.Rack)
                .OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                _racks.Add(new Rack(
                    new BrokerRing([.. rack.Where(broker => !broker.IsFenced).Select(broker => broker.Id)]),
                    new BrokerRing([.. rack.Where(broker => broker.IsFenced).Select(broker => broker.Id)])));
                _unfencedCount += rack.Count(broker => !broker.IsFenced);
            }

            Shuffle();
        }

        public int[] Next(int replicationFactor)
        {
            // Every unfenced broker has led once: mix, so that the same sets of replicas do not come again.
            if (_epoch == _unfencedCount && _unfencedCount > 1)
            {
                Shuffle();
                _epoch = 0;
            }

            _offset %= _racks.Count;
            int[] replicas = new int[replicationFactor];
            int leaderRack = _offset;
            while ((replicas[0] = _racks[leaderRack].Unfenced.Next(_epoch)) < 0)
            {
                leaderRack = (leaderRack + 1) % _racks.Count;
            }

            int rack = _offset;
            int skipOnce = leaderRack;
            for (int i = 1; i < replicationFactor;)
            {
                int broker = -1;
                if (rack == skipOnce)
                {
                    skipOnce = -1;
                }
                else
                {
                    broker = _racks[rack].Next(_epoch);
                }

                rack = (rack + 1) % _racks.Count;
                if (broker >= 0)
                {
                    replicas[i++] = broker;
                }
            }

            _epoch++;
            _offset++;
            return replicas;
        }

        private void Shuffle()
        {
            Shuffle(_racks);
            foreach (Rack rack in _racks)
            {
                Shuffle(rack.Unfenced.Ids);
                Shuffle(rack.Fenced.Ids);
            }
        }

        private void Shuffle<T>(List<T> items)
        {
            for (int i = items.Count - 1; i > 0; i--)
            {
                int other = _prng.Below(i + 1);
                (items[i], items[other]) = (items[other], items[i]);
            }
        }
    }

    private sealed record Rack(BrokerRing Unfenced, BrokerRing Fenced)
    {
        public int Next(int epoch)
        {
            int broker = Unfenced.Next(epoch);
            return broker >= 0 ? broker : Fenced.Next(epoch);
        }
    }

    /// <summary>Each broker once an epoch, starting one further each time.</summary>
    private sealed class BrokerRing(List<int> ids)
    {
        private int _epoch = -1;
        private int _index;
        private int _offset;

        public List<int> Ids => ids;

        public int Next(int epoch)
        {
            if (ids.Count == 0)
            {
                return -1;
            }

            if (_epoch != epoch)
            {
                _epoch = epoch;
                _index = 0;
                _offset = (_offset + 1) % ids.Count;
            }

            return _index >= ids.Count ? -1 : ids[(_index++ + _offset) % ids.Count];
        }
    }
}
